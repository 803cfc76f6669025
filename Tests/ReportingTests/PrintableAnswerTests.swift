import PostureModel
import Reporting
import TestSupport
import Testing

@Suite("A scorer's texts", .timeLimit(.minutes(5)))
struct PrintableAnswerTests {
    private static let device = String(repeating: "A", count: 43)
    private static let hostile = #"\u001b]0;x\u0007\u009b31m\u202e\n"#
    private static let shown = "?]0;x??31m??"

    private func answer(device: String = device) throws -> ScriptedScorer {
        let text = Self.hostile
        let rule =
            #"{"rule":"\#(text)","points":1,"available":2,"reason":"\#(text)","outcome":"fail","advice":"\#(text)"}"#
        let score = #"{"score":50,"rules":[\#(rule)],"cap":"\#(text)","group":"\#(text)"}"#
        let json = #"{"device":"\#(device)","score":\#(score),"received_at":1,"next_report_in":300}"#
        return try ScriptedScorer([.raw(200, [:], json)])
    }

    @Test("are printable when they are read, names of rules and groups too")
    func report() async throws {
        let report = try await answer().report()
        let rule = try #require(report.score.rules.first)
        #expect([rule.rule, rule.reason, rule.advice] == [Self.shown, Self.shown, Self.shown])
        #expect([report.score.cap, report.score.group] == [Self.shown, Self.shown])
        #expect(report.device.rawValue == Self.device)
    }

    @Test("are no answer where the device's id is not one", arguments: [hostile, "", "\(device)A", "../../etc/passwd"])
    func noDevice(id: String) async throws {
        let error = try #require(try await answer(device: id).failure())
        #expect(error == .unexpected(status: 200, .malformed("is wrong at 'device': not a SHA-256 thumbprint")))
    }

    @Test("are printable in a problem document, which says who refuses")
    func problem() async throws {
        let json = #"{"type":"urn:postured:problem:forbidden","title":"\#(Self.hostile)","status":403,"detail":"no"}"#
        let scorer = try ScriptedScorer([.raw(403, ["Content-Type": "application/problem+json"], json)])
        let error = try #require(try await scorer.failure())
        #expect(error.description == "the scorer refused: \(Self.shown): no")
        guard case .refused(let problem, _) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(problem.title == Self.shown)
    }
}
