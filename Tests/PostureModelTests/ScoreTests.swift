import PostureModel
import Testing

@Suite("A score")
struct ScoreTests {
    static let score = Score(
        value: 40,
        rules: [
            RuleResult(rule: "certificate_proven", points: 60, available: 60, reason: "signed the report"),
            RuleResult(
                rule: "report_fresh",
                points: 10,
                available: 40,
                reason: "old",
                outcome: .fail,
                advice: "report"
            ),
            RuleResult(
                rule: "disk",
                points: 0,
                available: 0,
                reason: "open",
                outcome: .fail,
                gate: 40,
                advice: "encrypt"
            ),
            RuleResult(rule: "swap", points: 0, available: 0, reason: "waived", outcome: .waived, gate: 40),
            RuleResult(rule: "reboot", points: 0, available: 0, reason: "waits", outcome: .unknown, advice: "reboot"),
        ],
        cap: "at most 40",
        group: "laptops"
    )

    @Test("is one line for each thing that made it, with why and what to do")
    func lines() {
        let expected = [
            "  at most 40", "  by the rules of the group 'laptops'",
            "  60/60   certificate_proven      signed the report",
            "  10/40   report_fresh            old -> report",
            "  max 40  disk                    open -> encrypt",
            "  ok      swap                    waived",
            "  warn    reboot                  waits -> reboot",
        ]
        #expect(Self.score.lines() == expected)
        let painted = Self.score.lines { rule, mark in rule.isWarning ? "<\(mark)>" : mark }
        #expect(painted.last == "  <warn>    reboot                  waits -> reboot")
    }

    @Test("is read as it was written")
    func wire() throws {
        #expect(try Wire.decode(Score.self, from: Wire.encode(Self.score)) == Self.score)
    }

    @Test("is read from a scorer that says no outcome, and from one that knows more of them")
    func otherVersions() throws {
        let old =
            #"{"score": 20, "rules": [{"rule": "a", "points": 20, "available": 20, "reason": "r"}, "#
            + #"{"rule": "b", "points": 0, "available": 80, "reason": "r"}]}"#
        #expect(try Wire.decode(Score.self, from: Array(old.utf8)).rules.map(\.outcome) == [.pass, .fail])
        let new = #"{"rule": "a", "points": 0, "available": 20, "reason": "r", "outcome": "dreamt", "more": 1}"#
        let rule = try Wire.decode(RuleResult.self, from: Array(new.utf8))
        #expect(rule.outcome == .unknown && !rule.outcome.counts)
    }

    @Test("shows nothing that could steer a terminal")
    func printable() {
        let rule = RuleResult(rule: "a", points: 0, available: 1, reason: "\u{1b}[2J", advice: "a\nb")
        #expect(rule.reason == "?[2J" && rule.advice == "a?b")
        let score = Score(value: 0, rules: [rule], cap: "a\nb", group: "c\u{202e}d")
        #expect(score.cap == "a?b" && score.group == "c?d")
    }
}
