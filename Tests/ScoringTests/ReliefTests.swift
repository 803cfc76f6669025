import PostureModel
import ScorerModel
import TestSupport
import Testing

@testable import Scoring

@Suite("A rule that does not pass")
struct ReliefTests {
    /// A policy of which a device that proves its certificate lacks Secure Boot alone.
    static func policy(_ secureBoot: Rule) -> Policy {
        Policy([.certificateProven: Rule(points: 100 - secureBoot.points), .secureBoot: secureBoot])
    }

    func evaluate(
        _ rule: Rule,
        _ state: Observation<SecureBoot>,
        _ record: DeviceRecord = Sample.record(),
        at age: Int64 = 0
    ) -> Evaluation {
        var posture = Posture()
        posture.secureBoot = state
        let input = Sample.input(facts: SampleDevice.facts(posture: posture), age: age, record: record)
        return Self.policy(rule).evaluate(input, trust: Sample.trust, at: Sample.now.adding(seconds: age))
    }

    static let bad: [Observation<SecureBoot>] = [
        .observed(.disabled), .unreadable(reason: "no"), .notApplicable(reason: "no UEFI"),
    ]

    @Test("caps the whole score by its gate, and says so", arguments: bad)
    func gate(state: Observation<SecureBoot>) {
        let evaluation = evaluate(Rule(gate: 40), state)
        #expect(evaluation.value == 40)
        #expect(evaluation.cap == .gate(.secureBoot, limit: 40))
        #expect(evaluation.score.cap == "at most 40 of 100 while secure_boot does not pass")
        #expect(evaluation.failing == [.secureBoot] && evaluation.reasonCode == .policy)
        #expect(evaluate(Rule(gate: 40), .observed(.enabled)).value == 100)
        let both = evaluate(Rule(points: 10, gate: 40), state)
        #expect(both.value == 40 && both[.secureBoot]?.points == 0)
        let idle = evaluate(Rule(points: 10, gate: 95), state)
        #expect(idle.value == 90 && idle.cap == nil, "a cap that is above the score caps nothing")
    }

    @Test("costs nothing as a warning, and says what it saw", arguments: bad)
    func warning(state: Observation<SecureBoot>) {
        let evaluation = evaluate(.warning, state)
        #expect(evaluation.value == 100 && evaluation.cap == nil && evaluation.failing == [])
        #expect(evaluation[.secureBoot]?.outcome.counts == false && evaluation.advice(.secureBoot) != nil)
        #expect(evaluation.score.rules.last?.isWarning == true)
        #expect(evaluation.reasonCode == nil)
    }

    @Test("passes where it does not apply, if the rule says so, and only there")
    func notApplicable() {
        let rule = Rule(points: 10, gate: 40, passesWhereNotApplicable: true)
        let evaluation = evaluate(rule, .notApplicable(reason: "no UEFI"))
        #expect(evaluation.value == 100)
        #expect(evaluation[.secureBoot]?.outcome == .pass)
        #expect(evaluation.reason(.secureBoot) == "does not apply: no UEFI")
        #expect(evaluation.advice(.secureBoot) == nil)
        #expect(evaluate(rule, .unreadable(reason: "no")).value == 40)
        #expect(evaluate(rule, .observed(.disabled)).value == 40)
    }

    @Test("counts as passed as long as it is failing for less than its grace", arguments: bad)
    func grace(state: Observation<SecureBoot>) {
        let rule = Rule(points: 10, gate: 40, grace: 3600)
        for (since, counts) in [(0, true), (-3599, true), (-3600, false), (-86_400, false), (500, true)] {
            let record = Sample.record(failingSince: ["secure_boot": Sample.now.adding(seconds: Int64(since))])
            let evaluation = evaluate(rule, state, record)
            let (start, end) = (min(since, 0), min(since, 0) + 3600)
            let grace = Relief.grace(
                since: Sample.now.adding(seconds: Int64(start)),
                until: Sample.now.adding(seconds: Int64(end))
            )
            let ended = Relief.graceEnded(since: Sample.now.adding(seconds: Int64(start)))
            #expect(evaluation.value == (counts ? 100 : 40), "since \(since)")
            #expect(evaluation[.secureBoot]?.relief == (counts ? grace : ended))
            #expect((evaluation[.secureBoot]?.outcome == .grace) == counts)
        }
        let first = evaluate(rule, state)
        #expect(first[.secureBoot]?.outcome == .grace && first.advice(.secureBoot) != nil)
        #expect(first.reason(.secureBoot)?.contains("costs nothing until 2027-01-15T09:00:00Z") == true)
        #expect(evaluate(rule, state, at: 3599).value == 100)
        #expect(evaluate(rule, state, at: 3600).value == 40, "grace that nobody has noted begins with the report")
        let later = Sample.record(failingSince: ["secure_boot": Sample.now.adding(seconds: 9999)])
        #expect(evaluate(rule, state, later, at: 3600).value == 40, "nor does it begin after it")
        let never = evaluate(rule, state, Sample.record(failingSince: ["secure_boot": Timestamp(seconds: 0)]))
        #expect(never.value == 40 && never[.secureBoot]?.relief == .neverPassed)
        #expect(never.reason(.secureBoot)?.hasPrefix("never passed, and so without grace: ") == true)
    }

    @Test("counts as passed as long as an operator waives it, and the explanation says until when and why")
    func waiver() {
        let rule = Rule(points: 10, gate: 40)
        func record(_ seconds: Int64..., from start: Int64 = -3600) -> DeviceRecord {
            let waivers = seconds.map {
                Sample.waiver(
                    "secure_boot",
                    from: Sample.now.adding(seconds: start),
                    until: Sample.now.adding(seconds: $0),
                    reason: "board is being replaced"
                )
            }
            return Sample.record(waivers: waivers + [Sample.waiver("tpm_present")])
        }
        let evaluation = evaluate(rule, .observed(.disabled), record(-10, 3600, 10))
        #expect(evaluation.value == 100 && evaluation.cap == nil)
        #expect(
            evaluation.reason(.secureBoot)
                == "waived until 2027-01-15T09:00:00Z (board is being replaced): Secure Boot is disabled"
        )
        #expect(evaluation.advice(.secureBoot) == nil)
        #expect(evaluation[.secureBoot]?.outcome == .waived)
        let passing = evaluate(rule, .observed(.enabled), record(3600))
        #expect(passing[.secureBoot]?.outcome == .pass)
        #expect(passing.reason(.secureBoot)?.hasPrefix("waived until") == true)
        #expect(evaluate(rule, .observed(.disabled), record(1)).value == 100)
        #expect(evaluate(rule, .observed(.disabled), record(0, -1)).value == 40, "it has expired")
        #expect(evaluate(rule, .observed(.disabled), record(9, from: 0)).value == 100, "it begins")
        #expect(evaluate(rule, .observed(.disabled), record(9, from: 1)).value == 40, "it has not begun")
        #expect(evaluate(rule, .observed(.disabled), record()).value == 40, "that of another rule")
    }

    @Test("is remembered, whether it is waived or in its grace; a pass and a warning are not")
    func failing() {
        let input = Sample.input(
            [Sample.verdict(.keyPresent)],
            record: Sample.record(waivers: [Sample.waiver("secure_boot")])
        )
        func failing(_ policy: Policy) -> Set<String> {
            let result = policy.evaluate(newReport: input, isFirst: false, trust: Sample.trust, at: Sample.now)
            return Set(result.failingSince.keys)
        }
        #expect(failing(Self.policy(Rule(points: 10, grace: 60))) == ["certificate_proven", "secure_boot"])
        #expect(failing(Self.policy(Rule(gate: 10))) == ["certificate_proven", "secure_boot"])
        #expect(failing(Self.policy(.warning)) == ["certificate_proven"])
        #expect(failing(Policy([.serialKnown: Rule(points: 100)])) == [])
    }

    @Test(
        "is failing since its first report in a row, or since ever where that is the device's first",
        arguments: [true, false]
    )
    func failingSince(isFirst: Bool) {
        let earlier = Sample.now.adding(seconds: -600)
        let record = Sample.record(failingSince: ["certificate_proven": earlier, "serial_known": earlier])
        let input = Sample.input([Sample.verdict(.keyPresent)], record: record)
        let policy = Self.policy(Rule(points: 10, gate: 40, grace: 3600))
        let result = policy.evaluate(newReport: input, isFirst: isFirst, trust: Sample.trust, at: Sample.now)
        let new = isFirst ? Timestamp(seconds: 0) : Sample.now
        #expect(result.failingSince == ["certificate_proven": earlier, "secure_boot": new])
        // The score already counts with it.
        #expect(result.evaluation[.secureBoot]?.outcome == (isFirst ? .unknown : .grace))
        #expect(result.evaluation[.secureBoot]?.points == (isFirst ? 0 : 10))
    }
}
