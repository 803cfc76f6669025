import Reporting
import Testing

@testable import Doctor

@Suite("The choice of a proxy")
struct ProxyChoiceTests {
    private func choice(
        _ route: ScorerProbe.Route,
        url: String = "https://a.test",
        configured: String? = nil,
        _ environment: [String: String] = [:]
    ) -> ProxyChoice {
        ProxyChoice(route, to: url, configured: configured, environment: environment)
    }

    @Test("names the proxy that libcurl takes, and the variables that may have named it")
    func environment() {
        let used = ScorerProbe.Route.proxy(address: "192.0.2.7:3128")
        let one = choice(
            used,
            ["https_proxy": "http://p.test:3128", "http_proxy": "http://q.test", "no_proxy": "x.test"]
        )
        #expect(one.proxy == "http://p.test:3128")
        #expect(one.sentence.hasPrefix("http://p.test:3128, from this environment's https_proxy; "))
        let two = choice(used, ["https_proxy": "http://p.test:3128", "ALL_PROXY": "http://q.test"])
        #expect(two.sentence.hasPrefix("192.0.2.7:3128, from this environment's ALL_PROXY, https_proxy; "))
        #expect(choice(used, url: "http://a.test", ["http_proxy": "http://q.test"]).proxy == "http://q.test")
    }

    @Test("is none where libcurl takes none, whatever is named")
    func direct() {
        let environment = ["https_proxy": "http://p.test:3128", "no_proxy": "10.0.0.0/8"]
        let direct = choice(.direct, url: "https://10.9.8.7:18399", environment)
        #expect(direct.proxy == nil && !direct.isPossible)
        #expect(direct.sentence == "none is named for 10.9.8.7")
        let exempt = choice(.direct, configured: "http://me:secret@own.test:1", ["no_proxy": "a.test"])
        #expect(exempt.proxy == nil)
        #expect(exempt.sentence.contains("http://own.test:1") && !exempt.sentence.contains("secret"))
        #expect(choice(.direct, configured: "").sentence == "none is named for a.test")
    }

    @Test("is not known where libcurl does not say, and then there may be one")
    func unknown() {
        let unknown = choice(.unknown("https://a.test: Unsupported proxy"))
        #expect(unknown.isPossible && unknown.proxy == nil)
        #expect(
            unknown.sentence
                == "libcurl does not say whether it takes a proxy for a.test: https://a.test: Unsupported proxy"
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
        let used = ScorerProbe.Route.proxy(address: nil)
        #expect(choice(used, ["https_proxy": value]).proxy == shown)
        #expect(choice(used, configured: value).proxy == shown)
    }

    @Test("has a password, whole and in the parts that a sentence may quote")
    func userInfo() {
        #expect("http://me:Hunt/er2@p.test".userInfo == ["me:Hunt/er2", "Hunt/er2", "Hunt", "er2"])
        #expect("token@p.test".userInfo == ["token"])
        #expect("me:x@p.test".userInfo.contains("x"))
        #expect("http://p.test".userInfo.isEmpty)
        #expect("http://@p.test".userInfo.isEmpty)
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
