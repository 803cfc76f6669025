import PostureModel
import Testing

@testable import Scoring

@Suite("The age of a report")
struct FreshnessTests {
    func score(age: Int64, _ policy: Policy = .standard) -> Evaluation {
        policy.evaluate(
            Sample.input(
                [Sample.verdict(.proven, holdsUntil: Sample.now.adding(seconds: 31_536_000))],
                age: max(0, age)
            ),
            trust: Sample.trust,
            at: Sample.now.adding(seconds: age)
        )
    }

    @Test(
        "costs points from one hour on, and everything after a day",
        arguments: [
            (0, 20, 100), (3599, 20, 100), (3600, 20, 100), (3601, 19, 99), (45_000, 10, 90), (82_260, 1, 81),
            (82_261, 0, 80), (86_399, 0, 80), (86_400, 0, 0), (86_401, 0, 0), (31_536_000, 0, 0),
        ] as [(Int64, Int, Int)]
    )
    func decay(age: Int64, fresh: Int, total: Int) {
        let score = score(age: age)
        #expect(score[.reportFresh]?.points == fresh)
        #expect(score.value == total)
        #expect(score.cap == (age >= 86_400 ? .stale(age: age) : nil))
    }

    @Test("is nothing where the clock was set back a little, and closes the gate where it was set back far")
    func clockBackwards() {
        for age: Int64 in [-1, -299, -300] {
            #expect(score(age: age).value == 100)
            #expect(score(age: age).reason(.reportFresh) == "reported 0s ago")
        }
        for age: Int64 in [-301, -3600, -31_536_000] {
            #expect(score(age: age).value == 0)
            #expect(score(age: age)[.reportFresh]?.points == 0)
            #expect(score(age: age)[.reportFresh]?.outcome == .fail)
            #expect(score(age: age).cap == .future)
        }
    }

    @Test("closes the gate and still shows what each rule would have given")
    func gate() {
        let score = score(age: 172_800)
        #expect(score.score.cap == "the newest report is 2d old: nothing of it counts")
        #expect(score[.certificateProven]?.points == 40)
    }

    @Test("is the time in which the scorer was receiving, and says so")
    func outage() {
        let input = Sample.input([Sample.verdict(.proven)], age: 1800)
        let score = Policy.standard.evaluate(input, trust: Sample.trust, at: Sample.now.adding(seconds: 80_000))
        #expect(score.value == 100)
        #expect(score.reason(.reportFresh) == "reported 22h ago, of which the scorer was receiving for 30m")
    }

    @Test("counts by the policy's own bounds")
    func otherBounds() {
        var policy = Policy.standard
        policy.freshness.freshFor = 0
        policy.freshness.staleAfter = 10
        #expect(score(age: 0, policy).value == 100)
        #expect(score(age: 5, policy).value == 90)
        #expect(score(age: 9, policy).value == 82)
        #expect(score(age: 10, policy).value == 0)
    }

    @Test("does not overflow, however far the clocks are apart")
    func extremes() {
        let report = Sample.verified([Sample.verdict(.proven)])
        let ends = [Timestamp(microseconds: .min), Timestamp(microseconds: 0), Timestamp(microseconds: .max)]
        for received in ends {
            for now in ends {
                for age: Int64 in [.min, 0, .max] {
                    let input = ScoringInput(Sample.record(), report: report, receivedAt: received, age: age)
                    let score = Policy.standard.evaluate(input, trust: Sample.trust, at: now)
                    #expect((0...100).contains(score.value))
                }
            }
        }
    }
}
