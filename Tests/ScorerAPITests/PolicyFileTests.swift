import ConfigurationFile
import Scoring
import TestSupport
import Testing

@testable import ScorerAPI

@Suite("A policy's file")
struct PolicyFileTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory("policy") }

    func load(_ text: String) throws -> Policy {
        let policy = try directory.write(Array(text.utf8), to: "policy.toml")
        let scorer = "url = \"https://scorer.acme.test\"\npolicy = \"\(policy)\"\n"
        return try ScorerConfiguration(at: directory.write(Array(scorer.utf8), to: "scorer.toml")).policy()
    }

    static let good: [(String, @Sendable (inout Policy) -> Void)] = [
        ("", { _ in }),
        (
            "[rules]\nserial_known = 100",
            {
                ($0.points.certificateProven, $0.points.certificateKeyPresent) = (0, 0)
                $0.points.certificatePresent = 0
                ($0.points.reportFresh, $0.points.serialKnown) = (0, 100)
            }
        ),
        ("[freshness]\nfull_for = 60", { $0.freshness.fullFor = 60 }),
        ("[freshness]\nnothing_after = 7200", { $0.freshness.nothingAfter = 7200 }),
        ("[matching]\nserial_match = \"capped\"", { $0.matching.serialMatch = .capped }),
        (
            "[matching]\nserial_match = \"never\"\nserial_cap = 1",
            {
                ($0.matching.serialMatch, $0.matching.serialCap) = (.never, 1)
            }
        ),
        ("[registration]\nby_certificate = false", { $0.registration.byCertificate = false }),
        ("[registration]\ndevices_per_certificate = 1", { $0.registration.devicesPerCertificate = 1 }),
        ("report_interval = 60", { $0.reportInterval = 60 }),
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
        ("[rules]\ncertificate_proven = 110\nserial_known = -10", ["rules", "0 to 100"]),
        ("[rules]\ncertificate_proven = 9223372036854775807\nserial_known = 1", ["rules"]),
        ("[rules]\ncertificate_proven = \"100\"", ["rules.certificate_proven"]),
        ("[rules]\ncertificate_proven = 99.5\nserial_known = 1", ["rules.certificate_proven"]),
        ("[rules]\ncertificat_proven = 100", ["unknown key", "certificat_proven"]),
        ("[rule]\ncertificate_proven = 100", ["unknown key", "rule"]),
        ("[freshness]\nfull_for = 86400", ["freshness"]), ("[freshness]\nfull_for = -1", ["freshness"]),
        ("[freshness]\nnothing_after = 31536001", ["freshness"]), ("[freshness]\nfull = 1", ["unknown key", "full"]),
        ("[matching]\nserial_match = \"sometimes\"", ["matching.serial_match"]),
        ("[matching]\nserial_cap = 101", ["matching.serial_cap"]),
        ("[registration]\ndevices_per_certificate = 0", ["registration.devices_per_certificate"]),
        ("[registration]\nby_certificate = \"yes\"", ["registration.by_certificate"]),
        ("report_interval = 9", ["report_interval"]), ("report_interval = 86401", ["report_interval"]),
        ("report_interval = 60\nreport_interval = 60", ["line 2"]), ("rules = 100", ["rules"]), ("[rules", ["line 1"]),
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
