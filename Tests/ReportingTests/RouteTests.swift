import CurlBridge
import Glibc
import TestSupport
import Testing

/// What libcurl's environment is, and whether a proxy is used then for a URL; nil where that depends on its version.
private struct Situation: CustomStringConvertible {
    var url = "https://scorer.test"
    var variables: [String: String]
    var proxy: String?
    let isDirect: Bool?
    var description: String { "\(url) \(variables) \(proxy ?? "")" }
}

@Suite("The way to the scorer", .timeLimit(.minutes(5)))
struct RouteTests {
    @Test("is what libcurl takes, by its own rules")
    func routes() async {
        await #expect(processExitsWith: .success) {
            let server = try LoopbackServer { _, connection in connection.answer(403) }
            let (it, other) = (server.url, "http://127.0.0.1:\(try closedPort())")
            func exempt(_ url: String, _ list: String, _ isDirect: Bool?) -> Situation {
                Situation(url: url, variables: ["https_proxy": it, "no_proxy": list], isDirect: isDirect)
            }
            let situations = [
                Situation(variables: [:], isDirect: true),
                Situation(variables: ["https_proxy": it], isDirect: false),
                Situation(variables: ["HTTPS_PROXY": it], isDirect: false),
                Situation(variables: ["all_proxy": it], isDirect: false),
                Situation(variables: ["ALL_PROXY": it], isDirect: false),
                Situation(variables: ["https_proxy": ""], isDirect: true),
                Situation(variables: ["http_proxy": it], isDirect: true),
                Situation(url: "http://scorer.test", variables: ["http_proxy": it], isDirect: false),
                // It may be a header of a request to a CGI program.
                Situation(url: "http://scorer.test", variables: ["HTTP_PROXY": it], isDirect: true),
                Situation(variables: ["https_proxy": it, "NO_PROXY": "scorer.test"], isDirect: true),
                Situation(variables: ["https_proxy": other], proxy: it, isDirect: false),
                Situation(variables: ["https_proxy": it], proxy: "", isDirect: true),
                Situation(variables: ["no_proxy": "scorer.test"], proxy: it, isDirect: true),
                exempt("https://scorer.test", "*", true),
                exempt("https://scorer.test", "other.test, scorer.test", true),
                exempt("https://scorer.test", ".test", true),
                exempt("https://scorer.test", "orer.test", false),
                exempt("https://Scorer.Test", "SCORER.test", true),
                exempt("https://scorer.test.", "scorer.test", true),
                exempt("https://scorer.test", "scorer.test.", true),
                exempt("https://10.9.8.7:18399", "10.0.0.0/8", true),
                exempt("https://10.9.8.7:18399", "10.9.8.7", true),
                exempt("https://10.9.8.7:18399", "11.0.0.0/8", false),
                exempt("https://10.9.8.7:18399", "10.9.8.6/31", true),
                exempt("https://[::1]:\(try closedPort())", "::/8", nil),
                exempt("https://[::1]:\(try closedPort())", "::1", nil),
                exempt("https://[::1]:\(try closedPort())", "[::1]", nil),
                exempt("https://[::1]:\(try closedPort())", "fe80::/10", false),
                exempt("https://127.0.0.1:\(try closedPort())", "127.0.0.0/33", nil),
                exempt("https://127.0.0.1:\(try closedPort())", "127.0.0.1:443", nil),
                exempt("https://127.0.0.1:\(try closedPort())", "127.1", nil),
                exempt("https://127.0.0.1:\(try closedPort())", "127.0.0.0/8", true),
            ]
            let names = ["http", "HTTP", "https", "HTTPS", "all", "ALL", "no", "NO"].map {
                $0 == $0.uppercased() ? "\($0)_PROXY" : "\($0)_proxy"
            }
            for situation in situations {
                for name in names { unsafe unsetenv(name) }
                for (name, value) in situation.variables { unsafe setenv(name, value, 1) }
                let client = HTTPClient(options: .init(timeout: 5, proxy: situation.proxy))
                let route = try await client.route(to: situation.url)
                #expect([.direct, .proxy(address: "127.0.0.1:\(server.port)")].contains(route), "\(situation)")
                if let isDirect = situation.isDirect { #expect((route == .direct) == isDirect, "\(situation)") }
                #expect(server.lines.isEmpty, "nobody is connected to")
            }
            // What a request does, where it goes to this machine.
            for situation in situations where ["//[::1]", "//127."].contains(where: situation.url.contains) {
                for name in names { unsafe unsetenv(name) }
                for (name, value) in situation.variables { unsafe setenv(name, value, 1) }
                let client = HTTPClient(options: .init(timeout: 5))
                let (route, before) = (try await client.route(to: situation.url), server.lines.count)
                _ = try? await client.send(HTTPRequest(.get, situation.url))
                #expect((server.lines.count == before) == (route == .direct), "\(situation)")
            }
        }
    }

    @Test(
        "is a proxy's whose name nobody knows, or which is at a socket of this machine, and unknown for no proxy's URL"
    )
    func unresolved() async throws {
        func route(_ proxy: String) async throws -> HTTPRoute {
            try await HTTPClient(options: .init(timeout: 5, proxy: proxy)).route(to: "https://scorer.test")
        }
        #expect(try await route("http://proxy.invalid:3128") == .proxy(address: nil))
        #expect(try await route("socks5h://localhost/run/proxy.sock") == .proxy(address: nil))
        #expect(try await route("socks5://[::1]:1080") == .proxy(address: "[::1]:1080"))
        await #expect(throws: HTTPError.self) { _ = try await route("nonsense://127.0.0.1") }
    }
}
