import CurlBridge
import PostureModel
import Reporting
import TestSupport
import Testing

@Suite("A Retry-After", .timeLimit(.minutes(5)))
struct RetryAfterTests {
    /// Seconds since the epoch at 2026-11-22T09:30:00Z.
    static let now: Int64 = 1_795_339_800

    func seconds(_ value: String?, date: String? = nil) -> Int? {
        var headers: [String: String] = [:]
        headers["retry-after"] = value
        headers["date"] = date
        return HTTPResponse(status: 503, headers: headers).retryAfter(now: Self.now)
    }

    @Test(
        "is a number of seconds, of a day at most",
        arguments: [
            ("0", 0), ("1", 1), ("0120", 120), ("86400", 86_400), ("86401", 86_400), ("99999999999999999999", 86_400),
        ]
    )
    func delta(value: String, seconds: Int) {
        #expect(self.seconds(value) == seconds)
    }

    @Test(
        "is a date in any of HTTP's three forms",
        arguments: ["Sun, 22 Nov 2026 09:32:00 GMT", "Sunday, 22-Nov-26 09:32:00 GMT", "Sun Nov 22 09:32:00 2026"]
    )
    func date(value: String) {
        #expect(seconds(value) == 120)
        // The server's clock is what its date is to be measured by.
        #expect(seconds(value, date: "Sun, 22 Nov 2026 09:31:00 GMT") == 60)
        #expect(seconds(value, date: "Sun, 22 Nov 2026 09:33:00 GMT") == 0)
        #expect(seconds(value, date: "yesterday") == 120)
        #expect(seconds("Mon, 22 Nov 2027 09:32:00 GMT") == 86_400)
        #expect(seconds("Thu, 01 Jan 1970 00:00:00 GMT") == 0)
    }

    @Test(
        "is nothing where it says nothing",
        arguments: [
            nil, "", "-1", "+1", "1.5", "1e3", "soon", "Sun", "Nov 2026", "99:99:99", "Sun, 32 Nov 2026 09:32:00 GMT",
        ]
    )
    func nonsense(value: String?) {
        #expect(seconds(value) == nil)
    }

    @Test("comes out of a delivery, whoever said it")
    func delivery() async throws {
        let wait = ["Retry-After": "120"]
        let problem = Problem(.unavailable)
        let message = try #require(try await ScriptedScorer([.problemWith(wait, problem)]).failure())
        #expect(message == .refused(problem, retryAfter: 120))
        #expect(message.retryAfter == 120)
        let nonce = try #require(try await ScriptedScorer(nonce: .problemWith(wait, problem), []).failure())
        #expect(nonce.retryAfter == 120)
        let often = Problem(.tooManyRequests)
        let refused = try #require(try await ScriptedScorer([.problemWith(wait, often)]).failure())
        #expect(refused == .refused(often, retryAfter: 120) && refused.isTransient)
        for status in [429, 503] {
            let answer = ScriptedScorer.Answer.raw(status, wait, "")
            #expect(try await ScriptedScorer([answer]).failure()?.retryAfter == 120)
            #expect(try await ScriptedScorer(nonce: answer, []).failure()?.retryAfter == 120)
        }
        #expect(try await ScriptedScorer([.problem(problem)]).failure()?.retryAfter == nil)
        #expect(try await ScriptedScorer([.hangUp]).failure()?.retryAfter == nil)
    }
}
