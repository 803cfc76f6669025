import ConfigurationFile
import ScorerModel
import ScorerTestSupport
import TestSupport
import Testing

@testable import ScorerCore
@testable import Scoring

@Suite("A policy's file")
struct PolicyFileTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory("policy") }

    func load(_ text: String) throws -> Policy {
        let policy = try directory.write(Array(text.utf8), to: "policy.toml")
        let scorer = "url = \"https://scorer.acme.test\"\npolicy = \"\(policy)\"\n"
        return try ScorerConfiguration(at: directory.write(Array(scorer.utf8), to: "scorer.toml")).policy().policy
    }

    private static let full = Rule(points: 100)

    static let good: [(String, @Sendable (inout Policy) -> Void)] = [
        ("", { _ in }),
        ("[rules]\nserial_known = 100", { $0.rules = [.serialKnown: Rule(points: 100)] }),
        ("[rules]\nserial_known = 100\nreport_fresh = 0", { $0.rules = [.serialKnown: full, .reportFresh: Rule()] }),
        (
            "[rules]\nserial_known = 100\nsecure_boot = { gate = 40, grace = \"3d\", not_applicable = \"pass\" }",
            {
                let secureBoot = Rule(gate: 40, grace: 259_200, passesWhereNotApplicable: true)
                $0.rules = [.serialKnown: full, .secureBoot: secureBoot]
            }
        ),
        (
            "[rules]\nserial_known = { points = 100, not_applicable = \"fail\" }\n[rules.tpm_present]\nwarn = true",
            { $0.rules = [.serialKnown: full, .tpmPresent: .warning] }
        ),
        (
            """
            [rules]
            disk_encrypted = { points = 100, except = ["/srv"] }
            packages_recent = { warn = true, within = "2w" }
            os_supported = { gate = 1, minimum = { debian = "12", arch = "any" } }
            agent_version = { warn = true, minimum = "0.2" }
            """,
            {
                var rules: [Rule.Name: Rule] = [
                    .diskEncrypted: full, .packagesRecent: .warning, .osSupported: Rule(gate: 1),
                    .agentVersion: .warning,
                ]
                rules[.diskEncrypted]?.parameters.except = ["/srv"]
                rules[.packagesRecent]?.parameters.within = 1_209_600
                rules[.osSupported]?.parameters.systems = ["debian": "12", "arch": "any"]
                rules[.agentVersion]?.parameters.minimum = "0.2"
                $0.rules = rules
            }
        ),
        (
            """
            [[group]]
            name = "servers"
            tags = ["server", "db"]
            [[group]]
            name = "kiosks"
            tags = ["kiosk"]
            [group.rules]
            serial_known = 0
            tpm_present = { points = 10 }
            """,
            {
                $0.groups = [
                    Policy.Group(name: "servers", tags: ["server", "db"]),
                    Policy.Group(
                        name: "kiosks",
                        tags: ["kiosk"],
                        rules: [.serialKnown: Rule(), .tpmPresent: Rule(points: 10)]
                    ),
                ]
            }
        ),
        (
            """
            [rules]
            certificate_proven = { points = 100, gate = 59 }
            [[group]]
            name = "laptops"
            certificate_names = ["*.laptops.example.com"]
            """,
            {
                $0.rules = [.certificateProven: Rule(points: 100, gate: 59)]
                $0.groups = [Policy.Group(name: "laptops", certificateNames: ["*.laptops.example.com"])]
            }
        ),
        ("pass_mark = 1\napproval_above = 0", { ($0.passMark, $0.approvalAbove) = (1, 0) }),
        (
            "[freshness]\nfresh_for = \"2d\"\nstale_after = \"1w\"",
            {
                $0.freshness.freshFor = 172_800; $0.freshness.staleAfter = 604_800
            }
        ),
        ("[freshness]\nfresh_for = \"1m\"", { $0.freshness.freshFor = 60 }),
        ("[freshness]\nstale_after = \"2h\"", { $0.freshness.staleAfter = 7200 }),
        ("[matching]\nserial_match = \"trusting\"", { $0.matching.serialMatch = .trusting }),
        ("[matching]\nwarp_match = \"carried\"", { $0.matching.warpMatch = .carried }),
        (
            "[matching]\nshared_macs = [\"74-1D-3E-00-00-01\", \"02:42:*\"]\nshared_hostnames = [\"Kiosk\"]",
            {
                $0.matching.shared = SharedValues(macs: ["74:1d:3e:00:00:01", "02:42:*"], hostnames: ["kiosk"])
            }
        ),
        ("[registration]\nby_certificate = false", { $0.registration.byCertificate = false }),
        ("[registration]\nper_certificate = 1", { $0.registration.perCertificate = 1 }),
        ("[certificates]\ndevices_per_certificate = 40", { $0.certificates.devicesPerCertificate = 40 }),
        ("[certificates]\ncrl_grace = \"12h\"", { $0.certificates.crlGrace = 43_200 }),
        ("report_interval = \"60s\"", { $0.reportInterval = 60 }),
        ("report_interval = \"10m\"", { $0.reportInterval = 600 }),
    ]

    @Test("changes what it names, and leaves the rest as it comes", arguments: good.indices)
    func isTaken(index: Int) throws {
        var expected = Policy.standard
        Self.good[index].1(&expected)
        #expect(try load(Self.good[index].0) == expected)
    }

    static let bad: [(text: String, expected: [String])] = [
        ("[rules]\ncertificate_proven = 60", ["rules", "sum to 60"]),
        ("[rules]", ["rules", "sum to 0"]),
        ("[rules]\ncertificate_proven = 110\nserial_known = -10", ["rules.certificate_proven.points", "0 to 100"]),
        ("[rules]\ncertificate_proven = 9223372036854775807\nserial_known = 1", ["rules.certificate_proven.points"]),
        ("[rules]\ncertificate_proven = \"100\"", ["'rules.certificate_proven'", "a number of points, or a table"]),
        ("[rules]\ncertificate_proven = 99.5\nserial_known = 1", ["'rules.certificate_proven'"]),
        ("[rules]\ncertificat_proven = 100", ["unknown key", "'rules.certificat_proven'"]),
        ("[rule]\ncertificate_proven = 100", ["unknown key", "'rule'"]),
        ("[rules]\nserial_known = { points = 100, within = \"3d\" }", ["unknown key", "'rules.serial_known.within'"]),
        ("[rules]\nserial_known = { points = 100, not_applicable = \"yes\" }", ["'rules.serial_known.not_applicable'"]),
        ("[rules]\nserial_known = { points = 100, gate = 100 }", ["rules.serial_known.gate", "0 to 99"]),
        ("[rules]\nserial_known = 100\ntpm_present = { warn = \"yes\" }", ["'rules.tpm_present.warn'", "wrong type"]),
        ("[rules]\nserial_known = 100\ntpm_present = { warn = true, gate = 1 }", ["rules.tpm_present.warn"]),
        ("[rules]\nserial_known = 100\ntpm_present = { grace = \"3d\" }", ["rules.tpm_present", "does nothing"]),
        ("[rules]\nserial_known = 100\ntpm_present = { gate = 1, grace = \"3 d\" }", ["'rules.tpm_present.grace'"]),
        ("[rules]\nserial_known = 100\nos_supported = { gate = 1 }", ["'rules.os_supported.minimum' is missing"]),
        (
            "[rules]\nserial_known = 100\nos_supported = { gate = 1, minimum = { debian = 12 } }",
            ["'rules.os_supported.minimum.debian'"]
        ),
        ("[[group]]\ntags = [\"a\"]", ["'group[0].name' is missing"]),
        ("[[group]]\nname = \"a\"\ntags = \"a\"", ["'group[0].tags'", "wrong type"]),
        ("[[group]]\nname = \"a\"\ntags = [\"a\"]\ntag = 1", ["unknown key", "'group[0].tag'"]),
        (
            "[[group]]\nname = \"a\"\ntags = [\"a\"]\n[group.rules]\nserial = 1",
            ["unknown key", "'group[0].rules.serial'"]
        ),
        (
            "[[group]]\nname = \"a\"\ntags = [\"a\"]\n[group.rules]\nserial_known = 11",
            ["group[0].rules", "sum to 101"]
        ),
        ("pass_mark = 0", ["pass_mark"]), ("approval_above = 101", ["approval_above"]),
        ("[freshness]\nfresh_for = \"1 hour\"", ["'freshness.fresh_for'", "12h"]),
        ("[freshness]\nfresh_for = \"1d\"", ["freshness"]), ("[freshness]\nfresh_for = \"-1s\"", ["freshness"]),
        ("[freshness]\nstale_after = \"31536001s\"", ["freshness"]),
        ("[freshness]\nfull = 1", ["unknown key", "full"]),
        ("[matching]\nserial_match = \"sometimes\"", ["matching.serial_match"]),
        ("[matching]\nserial_cap = 50", ["unknown key", "'matching.serial_cap'"]),
        ("[matching]\nserial_match = \"full\"", ["'matching.serial_match'"]),
        ("[matching]\nshared_macs = [\"02:42\"]", ["matching.shared_macs", "'02:42'"]),
        ("[matching]\nshared_hostnames = [\"a.b\"]", ["matching.shared_hostnames", "'a.b'"]),
        ("[certificates]\ndevices_per_certificate = 0", ["certificates.devices_per_certificate"]),
        ("[registration]\nper_certificate = 0", ["registration.per_certificate"]),
        (
            "[[group]]\nname = \"a\"\ntags = [\"a\"]\n[group.rules]\ntpm_present = { gate = 10 }",
            ["group[0].rules.tpm_present.gate", "devices in no group"]
        ),
        ("[registration]\nby_certificate = \"yes\"", ["registration.by_certificate"]),
        ("report_interval = \"9s\"", ["report_interval"]), ("report_interval = \"86401s\"", ["report_interval"]),
        ("report_interval = '60s'\nreport_interval = '60s'", ["line 2"]), ("rules = 100", ["rules"]),
        ("[rules", ["line 1"]),
    ]

    @Test("that makes no sense is refused, naming file and key", arguments: bad.indices)
    func isRefused(index: Int) {
        let (text, expected) = Self.bad[index]
        let error = #expect(throws: ConfigurationError.self, "\(text)") { try load(text) }
        let sentence = error?.description ?? ""
        #expect(sentence.hasPrefix(directory.file("policy.toml")), "\(sentence)")
        for part in expected { #expect(sentence.contains(part), "\(text)\n\(sentence)") }
    }
}
