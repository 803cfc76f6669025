import Scoring
import Testing

@Suite("A policy")
struct PolicyTests {
    @Test("is good as it comes, and worth 100 points")
    func standard() {
        #expect(Policy.standard.problem == nil)
    }

    static let good: [@Sendable (inout Policy) -> Void] = [
        {
            $0.points.certificateProven = 60; $0.points.certificatePresent = 0
        },
        {
            $0.points.certificateProven = 0; $0.points.certificatePresent = 60
        },
        {
            $0.points.certificateKeyPresent = 0; $0.points.certificateProven = 50
        },
        { $0.freshness.fullFor = 0 }, { $0.freshness.fullFor = 86_399 }, { $0.freshness.nothingAfter = 3601 },
        { $0.freshness.nothingAfter = 31_536_000 }, { $0.matching.serialCap = 0 }, { $0.matching.serialCap = 100 },
        { $0.registration.devicesPerCertificate = 1 }, { $0.registration.devicesPerCertificate = 1_000_000 },
        { $0.reportInterval = 10 }, { $0.reportInterval = 86_400 },
    ]

    @Test("may go to the bounds", arguments: good.indices)
    func bounds(change: Int) {
        var policy = Policy.standard
        Self.good[change](&policy)
        #expect(policy.problem == nil)
    }

    @Test(
        "says what a match by serial number can be worth",
        arguments: [
            (Policy.SerialMatch.full, true, 100), (.full, false, 60), (.capped, true, 60), (.capped, false, 60),
            (.never, true, 0), (.never, false, 0),
        ]
    )
    func serialMatch(worth: Policy.SerialMatch, isCorroborated: Bool, limit: Int) {
        var policy = Policy.standard
        policy.matching.serialMatch = worth
        #expect(policy.matching.limit(isCorroborated: isCorroborated) == limit)
    }

    static let bad: [(key: String, change: @Sendable (inout Policy) -> Void)] = [
        ("rules: the points sum to 99", { $0.points.certificateProven = 39 }),
        ("rules: the points sum to 90", { $0.points.certificateKeyPresent = 0 }),
        ("rules: the points sum to 101", { $0.points.serialKnown = 11 }),
        (
            "rules: points are 0 to 100",
            {
                $0.points.serialKnown = -10; $0.points.certificateProven = 60
            }
        ),
        ("rules: points are 0 to 100", { $0.points.reportFresh = 101 }),
        (
            "rules: points are 0 to 100",
            {
                $0.points.certificateKeyPresent = -10; $0.points.certificateProven = 60
            }
        ),
        (
            "rules: points are 0 to 100",
            {
                $0.points.reportFresh = .max; $0.points.serialKnown = .max
            }
        ),
        ("freshness", { $0.freshness.fullFor = -1 }), ("freshness", { $0.freshness.fullFor = 86_400 }),
        ("freshness", { $0.freshness.fullFor = .max }), ("freshness", { $0.freshness.nothingAfter = 3600 }),
        ("freshness", { $0.freshness.nothingAfter = 0 }), ("freshness", { $0.freshness.nothingAfter = .min }),
        ("freshness", { $0.freshness.nothingAfter = 31_536_001 }),
        ("matching.serial_cap", { $0.matching.serialCap = -1 }),
        ("matching.serial_cap", { $0.matching.serialCap = 101 }),
        ("registration.devices_per_certificate", { $0.registration.devicesPerCertificate = 0 }),
        ("registration.devices_per_certificate", { $0.registration.devicesPerCertificate = 1_000_001 }),
        ("report_interval", { $0.reportInterval = 9 }), ("report_interval", { $0.reportInterval = 86_401 }),
        ("report_interval", { $0.reportInterval = .min }),
    ]

    @Test("that makes no sense says which key is wrong", arguments: bad.indices)
    func problems(index: Int) {
        var policy = Policy.standard
        Self.bad[index].change(&policy)
        #expect(policy.problem?.hasPrefix(Self.bad[index].key) == true)
    }
}
