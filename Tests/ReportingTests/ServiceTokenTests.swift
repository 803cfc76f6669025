import CurlBridge
import PostureModel
import TestSupport
import Testing

@testable import Reporting

@Suite("A service token", .timeLimit(.minutes(5)))
struct ServiceTokenTests {
    static let text = "CF-Access-Client-Id: 88bf.access\nCF-Access-Client-Secret: 57447fe\n"

    @Test("is the two lines that Cloudflare shows, in any order and case")
    func good() throws {
        let token = try ServiceToken(parsing: Self.text)
        #expect(token.headers.map(\.name) == ["CF-Access-Client-Id", "CF-Access-Client-Secret"])
        #expect(token.headers.map(\.value) == ["88bf.access", "57447fe"])
        #expect(
            try ServiceToken(parsing: "cf-access-client-secret:57447fe\r\n\r\nCF-ACCESS-CLIENT-ID:  88bf.access ")
                == token
        )
    }

    @Test(
        "is nothing else, and what is wrong does not show it",
        arguments: [
            "", "57447fe", "CF-Access-Client-Id: 57447fe", text + "X: 57447fe", text + "CF-Access-Client-Id: 57447fe",
            "CF-Access-Client-Id: 57447fe\nCF-Access-Client-Secret:", "a: 57447fe\nb: 57447fe",
            "CF-Access-Client-Id: a\nCF-Access-Client-Secret: 57447fe 57447fe",
            "CF-Access-Client-Id: \(String(repeating: "a", count: 257))\nCF-Access-Client-Secret: 57447fe",
        ]
    )
    func bad(text: String) throws {
        let flaw = try #require(throws: ServiceToken.Flaw.self) { try ServiceToken(parsing: text) }
        #expect(!"\(flaw)".contains("57447fe"))
    }

    @Test("does not show itself")
    func secrecy() throws {
        let token = try ServiceToken(parsing: Self.text)
        var dumped = ""
        dump(token, to: &dumped)
        for text in ["\(token)", String(reflecting: token), dumped] { #expect(!text.contains("57447fe")) }
    }

    @Test("goes with every request to the scorer, and nowhere else")
    func headers() async throws {
        let stranger = try LoopbackServer { _, connection in connection.answer(200) }
        let scorer = try ScriptedScorer([.raw(302, ["Location": stranger.url], ""), .good])
        let client = ScorerClient(audience: scorer.server.url, userAgent: "postured/test") {
            try ServiceToken(parsing: Self.text)
        }
        let delivery = Delivery(to: client, signing: scorer.source.sign) { nil }
        await #expect(throws: DeliveryError.self) { try await delivery.report() }
        _ = try await delivery.report()
        #expect(scorer.server.requests.count == 4)
        for request in scorer.server.requests {
            #expect(request.headers["cf-access-client-id"] == "88bf.access")
            #expect(request.headers["cf-access-client-secret"] == "57447fe")
        }
        #expect(stranger.requests.isEmpty)
    }

    @Test("that Access does not take is named")
    func refused() async throws {
        let login = "https://team.cloudflareaccess.com/cdn-cgi/access/login/scorer?kid=1"
        let scorer = try ScriptedScorer(nonce: .raw(302, ["Location": login], ""), [])
        let client = ScorerClient(audience: scorer.server.url, userAgent: "postured/test") {
            try ServiceToken(parsing: Self.text)
        }
        let delivery = Delivery(to: client, signing: scorer.source.sign) { nil }
        let error = try await #require(throws: DeliveryError.self) { try await delivery.report() }
        #expect(error.description.contains("Cloudflare Access does not take the service token"))
    }

    @Test("that cannot be read ends the report before anything is sent")
    func unreadable() async throws {
        struct Unreadable: Error, CustomStringConvertible { let description = "token: cannot be read" }
        let scorer = try ScriptedScorer([.good])
        let client = ScorerClient(audience: scorer.server.url, userAgent: "postured/test") { throw Unreadable() }
        let delivery = Delivery(to: client, signing: scorer.source.sign) { nil }
        let error = try await #require(throws: DeliveryError.self) { try await delivery.report() }
        #expect(error == .unusable("token: cannot be read"))
        #expect(!error.isTransient)
        #expect(scorer.server.requests.isEmpty)
    }
}
