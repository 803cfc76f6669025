import Testing

@testable import Doctor

@Suite("Redaction")
struct RedactionTests {
    private let redaction = Redaction(secrets: ["ABC1234", "a\"b\\c", "x"])

    @Test("takes out known secrets, in any case and as JSON writes them")
    func known() {
        #expect(redaction("serial abc1234-x") == "serial (not shown)-x")
        #expect(redaction(#""nickname": "a\"b\\c""#) == #""nickname": "(not shown)""#)
    }

    @Test(
        "takes out what has the form of an address or a WARP id",
        arguments: [
            ("02:16:3e:5a:b7:c1", "(not shown)"), ("eth0 02-16-3E-5A-B7-C1.", "eth0 (not shown)."),
            ("9ece5fab-7398-488a-a575-e25a9a3dec07", "(not shown)"),
            ("http://me:pw@p.test/a@b", "http://(not shown)@p.test/a@b"),
            ("https://tok@p.test", "https://(not shown)@p.test"),
            ("smtp://a:b:c@d@p.test", "smtp://(not shown)@p.test"),
        ]
    )
    func forms(text: String, shown: String) { #expect(redaction(text) == shown) }

    @Test(
        "leaves the rest",
        arguments: [
            "2026-11-22T09:30:00Z", "12:30:45", "https://scorer.test/a@b", "fe80::1", "0123456789abcdef", "::", "",
            "https://scorer.test \"a@b\"", "größer",
        ]
    )
    func rest(text: String) { #expect(redaction(text) == text) }
}

@Suite("A configuration that is shown to others")
struct ShownConfigurationTests {
    @Test("has the keys that hold no secrets")
    func known() {
        let text = """
            interval = "60s"
            [scorer]
            url = "https://a.test/#x"
            [[check]]
            trusted = [
              "/a.pem",
              "/b.pem"
            ]
            crl_failure = "soft"
            """
        #expect(ShownConfiguration.text(of: text) == text)
    }

    @Test(
        "has nothing else",
        arguments: [
            ("# s3cret", ""), ("interval = \"60s\" # s3cret", "interval = \"60s\""),
            ("token = \"s3cret\"", "token = # (not shown)"),
            ("s3cret", "# (not shown)"), ("url = s3cret", "url = # (not shown)"),
            ("url = \"a\" s3cret", "url = # (not shown)"),
            ("url = \"\"\"s3cret", "# (not shown)"), ("warp_ids = [\"s3cret\"]", "warp_ids = # (not shown)"),
            ("s3cret s3cret = 5", "# (not shown)"), ("[scorer] s3cret", "# (not shown)"),
            ("url = \"a # s3cret", "url = # (not shown)"),
            ("trusted = [\n\"a\"\ns3cret\n]", "trusted = [\n\"a\"\n# (not shown)\n# (not shown)"),
            (#"proxy = "me:s3cret@p:1""#, #"proxy = "p:1""#),
            (#"proxy = "http://me:s3/cret@p:1" # s3cret"#, #"proxy = "http://p:1""#),
            (#"url = 'https://me:s3#cr?et@p'"#, #"url = "https://p""#), (#"  proxy = """#, #"  proxy = """#),
            (#"url = "https://me:s3cret\u0040p""#, "url = # (not shown)"),
            (#"proxy = "me:s3cret@p", "b""#, "proxy = # (not shown)"),
            ("proxy = [\n\"me:s3cret@p\"\n]", "proxy = # (not shown)\n# (not shown)\n# (not shown)"),
            (#"proxy = ["me:s3cret@p"]"#, "proxy = # (not shown)"),
            (#"enrolment_token_file = "s3cret""#, "enrolment_token_file = # (not shown)"),
            (#"service_token_file = '/etc/a'"#, "service_token_file = '/etc/a'"),
            ("token = [\n\"s3cret\"\n]", "token = # (not shown)\n# (not shown)\n# (not shown)"),
        ]
    )
    func unknown(text: String, shown: String) { #expect(ShownConfiguration.text(of: text) == shown) }

    @Test("has secrets that are known, so that they are in no other text either")
    func secrets() {
        let text = """
            scorer.proxy = "me:s3cret/more@p.test" # as x said
            url = "https://p.test"
            enrolment_token_file = "pasted-token"
            service_token_file = "/etc/token"
            ca_file = "ca.pem"
            """
        #expect(
            ShownConfiguration.secrets(of: text).sorted() == [
                "me:s3cret/more", "more", "pasted-token", "s3cret", "s3cret/more",
            ]
        )
    }
}
