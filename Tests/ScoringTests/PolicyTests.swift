import ScorerModel
import Testing

@testable import Scoring

@Suite("A policy")
struct PolicyTests {
    @Test("is good as it comes, and worth 100 points")
    func standard() {
        #expect(Policy.standard.problem == nil)
    }

    static let good: [@Sendable (inout Policy) -> Void] = [
        {
            $0.rules[.certificateProven]?.points = 60; $0.rules[.certificatePresent]?.points = 0
        },
        {
            $0.rules[.certificateProven]?.points = 0; $0.rules[.certificatePresent]?.points = 60
        },
        {
            $0.rules[.certificateKeyPresent]?.points = 0; $0.rules[.certificateProven]?.points = 50
        },
        { $0.freshness.freshFor = 0 }, { $0.freshness.freshFor = 86_399 }, { $0.freshness.staleAfter = 3601 },
        { $0.freshness.staleAfter = 31_536_000 }, { $0.matching.shared = SharedValues(macs: ["ac:de:48:*", "02:*"]) },
        { $0.matching.shared = SharedValues(hostnames: ["kiosk"]) },
        { $0.certificates.devicesPerCertificate = 1 }, { $0.certificates.devicesPerCertificate = 256 },
        { $0.certificates.crlGrace = 0 }, { $0.certificates.crlGrace = 31_536_000 },
        { $0.registration.perCertificate = 1 }, { $0.registration.perCertificate = 1_000_000 },
        { $0.reportInterval = 10 }, { $0.reportInterval = 86_400 },
        { $0.passMark = 1 }, { $0.passMark = 100 }, { $0.approvalAbove = 0 }, { $0.approvalAbove = 100 },
        { $0.rules[.secureBoot] = Rule(gate: 0, grace: 31_536_000) }, { $0.rules[.secureBoot] = Rule(gate: 99) },
        { $0.rules[.packagesRecent] = nil }, { $0.rules[.packagesRecent] = Rule() },
        { $0.rules[.diskEncrypted]?.parameters.except = ["/media/*", "*"] },
        { $0.rules[.osSupported] = systems(["debian": "12", "arch": "any"]) },
        { $0.groups = [Policy.Group(name: "servers", tags: ["server"])] },
    ]

    @Test("may go to the bounds", arguments: good.indices)
    func bounds(change: Int) {
        var policy = Policy.standard
        Self.good[change](&policy)
        #expect(policy.problem == nil)
    }

    @Test("gives the rules of links, with the interval of Cloudflare's queries")
    func linkRules() {
        var policy = Policy.standard
        #expect(policy.linkRules(pollingInterval: 3600) == LinkRules())
        policy.matching.warpMatch = .carried
        policy.matching.serialMatch = .never
        policy.matching.shared = SharedValues(macs: ["02:*"])
        policy.certificates.devicesPerCertificate = 40
        let expected = LinkRules(
            warpMatch: .carried,
            serialMatch: .never,
            shared: SharedValues(macs: ["02:*"]),
            devicesPerCertificate: 40,
            pollingInterval: 60
        )
        #expect(policy.linkRules(pollingInterval: 60) == expected)
    }

    static let bad: [(key: String, change: @Sendable (inout Policy) -> Void)] = [
        ("rules: the points sum to 99", { $0.rules[.certificateProven]?.points = 39 }),
        ("rules: the points sum to 90", { $0.rules[.certificateKeyPresent]?.points = 0 }),
        ("rules: the points sum to 101", { $0.rules[.serialKnown]?.points = 11 }),
        (
            "rules.serial_known.points: is 0 to 100",
            {
                $0.rules[.serialKnown]?.points = -10; $0.rules[.certificateProven]?.points = 60
            }
        ),
        ("rules.report_fresh.points: is 0 to 100", { $0.rules[.reportFresh]?.points = 101 }),
        (
            "rules.certificate_key_present.points: is 0 to 100",
            {
                $0.rules[.certificateKeyPresent]?.points = -10; $0.rules[.certificateProven]?.points = 60
            }
        ),
        (
            "rules.report_fresh.points: is 0 to 100",
            {
                $0.rules[.reportFresh]?.points = .max; $0.rules[.serialKnown]?.points = .max
            }
        ),
        ("freshness", { $0.freshness.freshFor = -1 }), ("freshness", { $0.freshness.freshFor = 86_400 }),
        ("freshness", { $0.freshness.freshFor = .max }), ("freshness", { $0.freshness.staleAfter = 3600 }),
        ("freshness", { $0.freshness.staleAfter = 0 }), ("freshness", { $0.freshness.staleAfter = .min }),
        ("freshness", { $0.freshness.staleAfter = 31_536_001 }),
        ("matching.shared_macs: 'nonsense'", { $0.matching.shared = SharedValues(macs: ["nonsense"]) }),
        ("matching.shared_macs: 'ac:de:*:*'", { $0.matching.shared = SharedValues(macs: ["ac:de:*:*"]) }),
        ("matching.shared_macs: there", { $0.matching.shared = SharedValues(macs: Set((0...1000).map { "\($0)" })) }),
        ("matching.shared_hostnames: 'a.b'", { $0.matching.shared = SharedValues(hostnames: ["a.b"]) }),
        (
            "matching.shared_hostnames: there",
            { $0.matching.shared = SharedValues(hostnames: Set((0...1000).map { "h\($0)" })) }
        ),
        ("certificates.devices_per_certificate", { $0.certificates.devicesPerCertificate = 0 }),
        ("certificates.devices_per_certificate", { $0.certificates.devicesPerCertificate = 257 }),
        ("certificates.crl_grace", { $0.certificates.crlGrace = -1 }),
        ("certificates.crl_grace", { $0.certificates.crlGrace = 31_536_001 }),
        ("registration.per_certificate", { $0.registration.perCertificate = 0 }),
        ("registration.per_certificate", { $0.registration.perCertificate = 1_000_001 }),
        ("report_interval", { $0.reportInterval = 9 }), ("report_interval", { $0.reportInterval = 86_401 }),
        ("report_interval", { $0.reportInterval = .min }),
        ("pass_mark", { $0.passMark = 0 }), ("pass_mark", { $0.passMark = 101 }),
        ("approval_above", { $0.approvalAbove = -1 }), ("approval_above", { $0.approvalAbove = 101 }),
        ("rules.secure_boot.gate", { $0.rules[.secureBoot] = Rule(gate: -1) }),
        ("rules.secure_boot.gate", { $0.rules[.secureBoot] = Rule(gate: 100) }),
        ("rules.secure_boot.grace", { $0.rules[.secureBoot] = Rule(gate: 1, grace: -1) }),
        ("rules.secure_boot.grace", { $0.rules[.secureBoot] = Rule(gate: 1, grace: 31_536_001) }),
        ("rules.report_fresh.grace", { $0.rules[.reportFresh]?.grace = 1 }),
        ("rules.secure_boot.warn", { $0.rules[.secureBoot] = Rule(gate: 1, isWarning: true) }),
        ("rules.serial_known.warn", { $0.rules[.serialKnown]?.isWarning = true }),
        ("rules.secure_boot.warn", { $0.rules[.secureBoot] = Rule(grace: 1, isWarning: true) }),
        ("rules.secure_boot: has neither", { $0.rules[.secureBoot] = Rule(grace: 1) }),
        ("rules.packages_recent.within", { $0.rules[.packagesRecent]?.parameters.within = 0 }),
        ("rules.disk_encrypted.except", { $0.rules[.diskEncrypted]?.parameters.except = ["boot"] }),
        ("rules.os_supported.minimum: names no", { $0.rules[.osSupported] = .warning }),
        ("rules.os_supported.minimum.debian: 'bookworm'", { $0.rules[.osSupported] = systems(["debian": "bookworm"]) }),
        ("rules.agent_version.minimum: 'v1'", { $0.rules[.agentVersion]?.parameters.minimum = "v1" }),
    ]

    static func systems(_ systems: [String: String]) -> Rule {
        var rule = Rule.warning
        rule.parameters.systems = systems
        return rule
    }

    @Test("that makes no sense says which key is wrong", arguments: bad.indices)
    func problems(index: Int) {
        var policy = Policy.standard
        Self.bad[index].change(&policy)
        #expect(policy.problem?.hasPrefix(Self.bad[index].key) == true, "\(policy.problem ?? "no problem")")
    }
}
