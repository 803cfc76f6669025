import Testing

@testable import Doctor

@Suite("The choice of a proxy")
struct ProxyChoiceTests {
    @Test(
        "is libcurl's",
        arguments: [
            (["https_proxy": "http://p.test:3128"], true, "https_proxy"),
            (["HTTPS_PROXY": "http://p.test:3128"], true, "HTTPS_PROXY"),
            (["ALL_PROXY": "socks5://p.test"], true, "ALL_PROXY"),
            (["https_proxy": ""], true, nil),
            (["http_proxy": "http://p.test:3128"], true, nil),
            (["http_proxy": "http://p.test:3128"], false, "http_proxy"),
            (["HTTP_PROXY": "http://p.test:3128"], false, nil),
            (["https_proxy": "p.test", "no_proxy": "*"], true, nil),
            (["https_proxy": "p.test", "no_proxy": "other.test, scorer.test"], true, nil),
            (["https_proxy": "p.test", "NO_PROXY": ".test"], true, nil),
            (["https_proxy": "p.test", "no_proxy": "orer.test"], true, "https_proxy"),
            (["https_proxy": "p.test", "no_proxy": "SCORER.test"], true, nil),
        ] as [([String: String], Bool, String?)]
    )
    func choice(environment: [String: String], isTLS: Bool, variable: String?) {
        #expect(
            ProxyChoice(isTLS: isTLS, host: "scorer.test", configured: nil, environment: environment)?.variable
                == variable
        )
    }

    @Test(
        "is shown without its password, however it is written",
        arguments: [
            ("http://me:secret@p.test:3128/", "http://p.test:3128/"), ("me:secret@p.test:3128", "p.test:3128"),
            ("http://me:Hunt/er2secret@p.test:1", "http://p.test:1"), ("http://me:se#cr?et@p.test", "http://p.test"),
            ("me:se://cret@p.test", "p.test"), ("socks5h://a@b:c@p.test", "socks5h://p.test"),
            ("http://p.test:3128", "http://p.test:3128"), ("@p.test", "p.test"), ("http://@p.test", "http://p.test"),
        ]
    )
    func password(value: String, shown: String) {
        let environment = ["https_proxy": value]
        #expect(
            ProxyChoice(isTLS: true, host: "a.test", configured: nil, environment: environment)?.proxy == shown
        )
        #expect(ProxyChoice(isTLS: true, host: "a.test", configured: value, environment: [:])?.proxy == shown)
    }

    @Test("has a password, whole and in the parts that a sentence may quote")
    func userInfo() {
        #expect("http://me:Hunt/er2@p.test".userInfo == ["me:Hunt/er2", "Hunt/er2", "Hunt", "er2"])
        #expect("token@p.test".userInfo == ["token"])
        #expect("me:x@p.test".userInfo.contains("x"))
        #expect("http://p.test".userInfo.isEmpty)
        #expect("http://@p.test".userInfo.isEmpty)
    }

    @Test("is the configuration's where there is one, and no_proxy counts all the same")
    func configured() {
        func choice(_ configured: String, _ environment: [String: String]) -> ProxyChoice? {
            ProxyChoice(isTLS: true, host: "a.test", configured: configured, environment: environment)
        }
        let own = choice("http://me:secret@own.test:1", ["https_proxy": "http://p.test:3128"])
        #expect(own?.proxy == "http://own.test:1" && own?.variable == nil)
        #expect(choice("", ["https_proxy": "http://p.test:3128"]) == nil)
        #expect(choice("http://own.test:1", ["no_proxy": "a.test"]) == nil)
    }

    @Test(
        "takes the host out of a URL",
        arguments: [
            ("https://a.test", "a.test"), ("https://a.test:8443/x", "a.test"), ("http://[::1]:80/y", "::1"),
            ("https://me:x@a.test/b@c", "a.test"),
        ]
    )
    func host(url: String, host: String) { #expect(url.urlHost == host) }
}
