import PostureModel
import Testing

@testable import Scoring

@Suite("A rule that does not pass")
struct EasingTests {
    /// A policy of which a device that proves its certificate lacks Secure Boot alone.
    static func policy(_ secureBoot: Rule) -> Policy {
        Policy([.certificateProven: Rule(points: 100 - secureBoot.points), .secureBoot: secureBoot])
    }

    func score(_ rule: Rule, _ state: Observation<SecureBoot>, _ standing: Standing = Standing(), at age: Int64 = 0)
        -> Score
    {
        var posture = Posture()
        posture.secureBoot = state
        let evidence = Sample.evidence(facts: Sample.facts(posture: posture), age: age, standing: standing)
        return Self.policy(rule).score(evidence, trust: Sample.trust, at: Sample.now.adding(seconds: age))
    }

    static let bad: [Observation<SecureBoot>] = [
        .observed(.disabled), .unreadable(reason: "no"), .notApplicable(reason: "no UEFI"),
    ]

    @Test("caps the whole score by its gate, and says so", arguments: bad)
    func gate(state: Observation<SecureBoot>) {
        let score = score(Rule(gate: 40), state)
        #expect(score.value == 40)
        #expect(score.cap == "at most 40 of 100 while secure_boot does not pass")
        #expect(score["secure_boot"]?.gate == 40 && score["secure_boot"]?.available == 0)
        #expect(self.score(Rule(gate: 40), .observed(.enabled)).value == 100)
        let both = self.score(Rule(points: 10, gate: 40), state)
        #expect(both.value == 40 && both["secure_boot"]?.points == 0)
        let idle = self.score(Rule(points: 10, gate: 95), state)
        #expect(idle.value == 90 && idle.cap == nil, "a cap that is above the score caps nothing")
    }

    @Test("costs nothing as a warning, and says what it saw", arguments: bad)
    func warning(state: Observation<SecureBoot>) {
        let score = score(.warning, state)
        #expect(score.value == 100 && score.cap == nil)
        let result = score["secure_boot"]
        #expect(result?.isWarning == true && result?.outcome.counts == false && result?.advice != nil)
        #expect(Policy.standard.failing(Sample.evidence(), trust: Sample.trust, at: Sample.now) == [])
    }

    @Test("passes where it does not apply, if the rule says so, and only there")
    func notApplicable() {
        let rule = Rule(points: 10, gate: 40, passesWhereNotApplicable: true)
        let score = score(rule, .notApplicable(reason: "no UEFI"))
        #expect(score.value == 100)
        #expect(score["secure_boot"]?.outcome == .pass)
        #expect(score["secure_boot"]?.reason == "does not apply: no UEFI")
        #expect(score["secure_boot"]?.advice == nil)
        #expect(self.score(rule, .unreadable(reason: "no")).value == 40)
        #expect(self.score(rule, .observed(.disabled)).value == 40)
    }

    @Test("counts as passed as long as it is failing for less than its grace", arguments: bad)
    func grace(state: Observation<SecureBoot>) {
        let rule = Rule(points: 10, gate: 40, grace: 3600)
        for (since, counts) in [(0, true), (-3599, true), (-3600, false), (-86_400, false), (500, true)] {
            let standing = Standing(failingSince: ["secure_boot": Sample.now.adding(seconds: Int64(since))])
            let score = score(rule, state, standing)
            #expect(score.value == (counts ? 100 : 40), "since \(since)")
            #expect(score["secure_boot"]?.outcome.counts == counts)
        }
        let first = score(rule, state)
        #expect(first["secure_boot"]?.outcome == .grace && first["secure_boot"]?.advice != nil)
        #expect(first["secure_boot"]?.reason.contains("costs nothing until 2027-01-15T09:00:00Z") == true)
        #expect(score(rule, state, at: 3599).value == 100)
        #expect(score(rule, state, at: 3600).value == 40, "grace that nobody has noted begins with the report")
        let later = Standing(failingSince: ["secure_boot": Sample.now.adding(seconds: 9999)])
        #expect(score(rule, state, later, at: 3600).value == 40, "nor does it begin after it")
        let never = score(rule, state, Standing(failingSince: ["secure_boot": Timestamp(seconds: 0)]))
        #expect(never.value == 40, "who never passed has none")
        #expect(never["secure_boot"]?.reason.hasPrefix("never passed, and so without grace: ") == true)
    }

    @Test("counts as passed as long as an operator waives it, and the explanation says until when and why")
    func waiver() {
        let rule = Rule(points: 10, gate: 40)
        func standing(_ seconds: Int64...) -> Standing {
            let waivers = seconds.map {
                Waiver(rule: "secure_boot", until: Sample.now.adding(seconds: $0), reason: "board is being replaced")
            }
            return Standing(waivers: waivers + [Waiver(rule: "tpm_present", until: Sample.tomorrow, reason: "other")])
        }
        let score = score(rule, .observed(.disabled), standing(-10, 3600, 10))
        #expect(score.value == 100 && score.cap == nil)
        let reason = score["secure_boot"]?.reason
        #expect(
            reason == "waived until 2027-01-15T09:00:00Z (board is being replaced): Secure Boot is disabled"
        )
        #expect(score["secure_boot"]?.outcome == .waived)
        let passing = self.score(rule, .observed(.enabled), standing(3600))["secure_boot"]
        #expect(passing?.outcome == .pass && passing?.reason.hasPrefix("waived until") == true)
        #expect(self.score(rule, .observed(.disabled), standing(1)).value == 100)
        #expect(self.score(rule, .observed(.disabled), standing(0, -1)).value == 40, "it has expired")
        #expect(self.score(rule, .observed(.disabled), standing()).value == 40, "that of another rule")
    }

    @Test("is remembered, whether it is waived or in its grace; a pass and a warning are not")
    func failing() {
        let evidence = Sample.evidence(
            [Sample.verdict(.keyPresent)],
            standing: Standing(waivers: [Waiver(rule: "secure_boot", until: Sample.tomorrow, reason: "r")])
        )
        func failing(_ policy: Policy) -> Set<String> {
            policy.failing(evidence, trust: Sample.trust, at: Sample.now)
        }
        #expect(failing(Self.policy(Rule(points: 10, grace: 60))) == ["certificate_proven", "secure_boot"])
        #expect(failing(Self.policy(Rule(gate: 10))) == ["certificate_proven", "secure_boot"])
        #expect(failing(Self.policy(.warning)) == ["certificate_proven"])
        #expect(failing(Policy([.serialKnown: Rule(points: 100)])) == [])
    }

    @Test("does not matter for a device that is disqualified: it scores 0, and sees why")
    func disqualified() {
        let standing = Standing(
            disqualification: "blocked: stolen",
            waivers: [Waiver(rule: "secure_boot", until: Sample.tomorrow, reason: "r")]
        )
        let score = score(Rule(points: 10), .observed(.enabled), standing)
        #expect(score.value == 0 && score.cap == "blocked: stolen")
        #expect(score["secure_boot"]?.points == 10)
    }
}
