import Agent
import ConfigurationFile
import TestSupport
import Testing

extension AgentConfigurationTests {
    func scorer(_ url: String, _ lines: String = "") throws -> AgentConfiguration.Scorer {
        try #require(try read("[scorer]\nurl = \"\(url)\"\n\(lines)").scorer)
    }

    func scorerComplaint(_ url: String, _ lines: String = "") throws -> String {
        try complaint("[scorer]\nurl = \"\(url)\"\n\(lines)")
    }

    @Test(
        "takes https, and http to this machine only",
        arguments: [
            "https://a.test", "https://a.test:8443/x", "https://[2001:db8::1]:443", "http://127.0.0.1:8080",
            "http://127.1.2.3", "http://localhost/x", "http://LOCALHOST", "http://[::1]:80",
        ]
    )
    func goodURL(url: String) throws {
        #expect(try scorer(url).url == url)
        // A proxy would ask another machine.
        #expect(try scorer(url).proxy == (url.hasPrefix("http:") ? "" : nil))
    }

    @Test(
        "refuses a URL of another kind, and names it",
        arguments: [
            "ftp://a.test", "a.test", "", "https://", "https://a b", "https://ä.test", "file:///etc/passwd", "http://",
            "https://:443", "https://a.test:", "https://a.test:99999", "https://[::1", "https://a.test?a", "https:///a",
        ]
    )
    func badURL(url: String) throws {
        #expect(try scorerComplaint(url).hasPrefix("scorer.url: '\(url)' is not an https URL"))
        #expect(try scorerComplaint(url, "allow_plain_http = true").hasPrefix("scorer.url: "))
    }

    @Test(
        "refuses http to another machine, and says what to do; with the word for it, it is taken",
        arguments: [
            "http://a.test", "http://127.0.0.1.a.test", "http://127.0.0.256", "http://127.0.0.01", "http://127.1",
            "http://128.0.0.1", "http://localhost.a.test", "http://[::2]", "http://0x7f.0.0.1",
        ]
    )
    func plain(url: String) throws {
        let sentence = try scorerComplaint(url)
        #expect(sentence.hasPrefix("scorer.url: '\(url)' is not an https URL"))
        #expect(sentence.hasSuffix("set allow_plain_http = true where the network is to be trusted with them"))
        #expect(try scorerComplaint(url, "allow_plain_http = false") == sentence)
        #expect(try scorer(url, "allow_plain_http = true").url == url)
    }

    @Test(
        "refuses names and passwords in the URL, without showing them",
        arguments: ["https://user:secret@a.test", "http://localhost:secret@a.test", "http://secret@127.0.0.1"]
    )
    func userInURL(url: String) throws {
        let sentence = try scorerComplaint(url, "allow_plain_http = true")
        #expect(sentence.hasPrefix("scorer.url: is not an https URL: it has an '@' in it"))
        #expect(!sentence.contains("secret"))
    }

    static let pins = [
        "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "sha256/n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=",
    ]

    func text(_ values: [String]) -> String { "[\(values.map { "\"\($0)\"" }.joined(separator: ", "))]" }

    @Test("takes two pins or more, as the digests that they are")
    func pins() throws {
        let digests = Self.pins.map { String($0.dropFirst(7)) }
        #expect(try scorer("https://a.test", "pins = \(text(Self.pins))").pins == digests)
        #expect(try scorer("https://a.test").pins.isEmpty)
    }

    @Test(
        "refuses pins that would lock the device out, or pin nothing",
        arguments: [
            ([], "are two to eight different ones"), ([pins[0]], "are two to eight different ones"),
            ([pins[0], pins[0]], "are two to eight different ones"),
            ([pins[0], "sha1/AAAA"], "'sha1/AAAA' is not sha256/ and the base64 of 32 bytes"),
            ([pins[0], String(pins[1].dropLast())], "' is not sha256/ and the base64 of 32 bytes"),
            ([pins[0], pins[1].replacing("=", with: ";")], "' is not sha256/ and the base64 of 32 bytes"),
            ([pins[0], pins[1].replacing("/", with: "//")], "' is not sha256/ and the base64 of 32 bytes"),
        ]
    )
    func badPins(pins: [String], sentence: String) throws {
        let complaint = try scorerComplaint("https://a.test", "pins = \(text(pins))")
        #expect(complaint.hasPrefix("scorer.pins: ") && complaint.contains(sentence), "\(complaint)")
    }

    @Test("refuses pins where they mean nothing: over http, and behind Access")
    func uselessPins() throws {
        let pins = "pins = \(text(Self.pins))"
        #expect(try scorerComplaint("http://127.0.0.1", pins) == "scorer.pins: says nothing for an http URL")
        for key in ["service_token_file = \"/a\"", "service_token_credential = \"a\""] {
            let sentence = try scorerComplaint("https://a.test", "\(pins)\n\(key)")
            #expect(sentence.hasPrefix("scorer.pins: cannot be used behind Cloudflare Access"))
        }
    }

    @Test("takes a secret from a file or from a credential, and not from both", arguments: ["enrolment", "service"])
    func secrets(kind: String) throws {
        let (file, credential) = ("\(kind)_token_file = \"/a\"\n", "\(kind)_token_credential = \"a\"\n")
        let isService = kind == "service"
        let first = try scorer("https://a.test", file)
        #expect((isService ? first.serviceToken : first.enrolmentToken) == .file("/a"))
        let second = try scorer("https://a.test", credential)
        let name = Secret.credential(Credential(name: "a", directory: nil))
        #expect((isService ? second.serviceToken : second.enrolmentToken) == name)
        let both = try scorerComplaint("https://a.test", file + credential)
        #expect(both == "scorer.\(kind)_token_credential: stands in the place of scorer.\(kind)_token_file")
        let path = try scorerComplaint("https://a.test", "\(kind)_token_credential = \"../a\"")
        #expect(path == "scorer.\(kind)_token_credential: '../a' is no name of a credential")
    }

    @Test("refuses a service token over http", arguments: ["http://127.0.0.1", "http://a.test"])
    func plainServiceToken(url: String) throws {
        let lines = "allow_plain_http = true\nservice_token_file = \"/a\""
        #expect(
            try scorerComplaint(url, lines) == "scorer.url: has to be https with a service token, which is a secret"
        )
    }

    @Test("takes a proxy, and never shows one that it refuses")
    func proxy() throws {
        for proxy in ["http://user:secret@proxy.test:3128", "https://proxy.test", "socks5h://127.0.0.1:1080"] {
            #expect(try scorer("https://a.test", "proxy = \"\(proxy)\"").proxy == proxy)
        }
        for proxy in ["", "user:secret@proxy.test", "socks4://user:secret@a", "http://", "http://a:secret @b"] {
            let sentence = try scorerComplaint("https://a.test", "proxy = \"\(proxy)\"")
            #expect(sentence == "scorer.proxy: is a URL that starts with http://, https:// or socks5h://")
        }
        let sentence = try scorerComplaint("http://127.0.0.1", "proxy = \"http://proxy.test\"")
        #expect(sentence == "scorer.proxy: says nothing for a scorer on this machine")
    }

    @Test("takes a CA file only in a form in which libcurl finds the same certificates")
    func formOfCAFile() throws {
        func read(_ bytes: [UInt8]) throws -> AgentConfiguration {
            let file = try directory.write(bytes, to: "scorer-ca.pem")
            return try self.read("[scorer]\nurl = \"https://a.test\"\nca_file = \"\(file)\"")
        }
        let marked = "\u{feff}" + root.pem.replacing("\n", with: "\r\n")
        for text in [root.pem, marked, root.pem + root.keyPEM] {
            #expect(try read(Array(text.utf8)).scorer?.caFile == directory.file("scorer-ca.pem"))
        }
        let error = #expect(throws: ConfigurationError.self) { try read(root.der) }
        #expect(error?.description.contains("libcurl") == true && error?.description.contains("-inform DER") == true)
    }

    @Test("names the scorer's CA file that is missing or holds none")
    func scorerCAFile() throws {
        for (name, text) in [("none.pem", nil), ("empty.pem", "")] as [(String, String?)] {
            if let text { try directory.write(text.utf8, to: name) }
            let error = try #require(throws: ConfigurationError.self) {
                try read("[scorer]\nurl = \"https://a.test\"\nca_file = \"\(directory.file(name))\"")
            }
            let sentence = text == nil ? "No such file or directory" : "holds no certificate in PEM"
            #expect("\(error)".hasPrefix("\(directory.file(name)): \(sentence)"))
        }
    }
}
