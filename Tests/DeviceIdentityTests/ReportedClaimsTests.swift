import PostureModel
import ScorerModel
import TestSupport
import Testing

@testable import DeviceIdentity

@Suite("What a report claims")
struct ReportedClaimsTests {
    func verdict(
        _ level: ProofLevel = .proven,
        bound: [String: String] = [:],
        commonName: String? = nil
    ) -> CheckVerdict {
        CheckVerdict(id: "corp", level: level, reason: "", bound: bound, commonName: commonName)
    }

    func strengths(_ checks: [CheckVerdict], expecting name: String? = nil) -> [ClaimStrength] {
        let report = SampleDevice.verified(1, nonce: 0, serial: "PF0FAKE1", warpIDs: ["w1"], checks: checks)
        let line = name.map { InventoryItem(serial: "pf0fake1", certificateName: $0, tag: nil) }
        let found = ReportedClaims.strengths(of: report, inventory: line)
        #expect(found.map(\.identifier.kind) == [.serial, .hostname, .warp])
        return found.map(\.strength)
    }

    @Test("is its good serial number, its host name and its WARP ids, each once")
    func identifiers() {
        let ids = ["W1", "w1", "", "w2", " w1 "] + (3...9).map { "w\($0)" }
        let report = SampleDevice.verified(1, nonce: 0, serial: "PF0FAKE1", warpIDs: ids, hostname: "Laptop-1.a.test")
        let found = ReportedClaims.identifiers(of: report.report)
        #expect(found.map(\.value) == ["pf0fake1", "laptop-1", "w1", "w2", "w3", "w4", "w5"], "of the first eight")
        let none = SampleDevice.verified(1, nonce: 0, serial: "Default string", hostname: "localhost")
        #expect(ReportedClaims.identifiers(of: none.report).isEmpty)
    }

    @Test("is the host name of /etc/hostname where the kernel's is not known")
    func hostname() {
        var facts = SampleDevice.facts(kernelHostname: .unreadable(reason: "no"), staticHostname: .observed("static"))
        #expect(Identifier.hostname(of: SampleDevice.report(1, facts: facts))?.value == "static")
        facts.kernelHostname = .observed("kernel")
        #expect(Identifier.hostname(of: SampleDevice.report(1, facts: facts))?.value == "kernel")
        facts.kernelHostname = .observed("localhost")
        #expect(Identifier.hostname(of: SampleDevice.report(1, facts: facts)) == nil, "not the second best")
    }

    @Test("is only reported without a proven certificate, whatever a certificate says")
    func reported() {
        let bound = ["serial_number": "PF0FAKE1", "hostname": "laptop-1", "device_uuid": "w1"]
        for checks in [[], [verdict(.keyPresent, bound: bound)], [verdict(.certificateOnly, bound: bound)]] {
            #expect(strengths(checks) == [.reported, .reported, .reported])
        }
        #expect(strengths([verdict()]) == [.reportedByProvenDevice, .reportedByProvenDevice, .reportedByProvenDevice])
    }

    @Test("is carried by a proven certificate that has that very value")
    func carried() {
        let other = ClaimStrength.reportedByProvenDevice
        #expect(strengths([verdict(bound: ["serial_number": "pf0fake1 "])]) == [.carried, other, other])
        #expect(strengths([verdict(bound: ["hostname": "LAPTOP-1.acme.test"])]) == [other, .carried, other])
        #expect(strengths([verdict(bound: ["device_uuid": "W1"])]) == [other, other, .carried])
        #expect(strengths([verdict(bound: ["serial_number": "w1", "hostname": "pf0fake1"])]) == [other, other, other])
        #expect(strengths([verdict(), verdict(bound: ["device_uuid": "w1"])]) == [other, other, .carried])
    }

    @Test("is expected of, or contradicted by, the inventory: the serial number alone")
    func inventory() {
        let other = ClaimStrength.reportedByProvenDevice
        let named = verdict(commonName: "Machine-7.example.test")
        #expect(strengths([named], expecting: "machine-7.EXAMPLE.test") == [.expected, other, other])
        #expect(strengths([verdict(), named], expecting: "machine-7.example.test") == [.expected, other, other])
        let carrying = verdict(bound: ["serial_number": "PF0FAKE1"], commonName: "other")
        #expect(strengths([carrying], expecting: "machine-7.example.test") == [.contradicted, other, other])
        #expect(strengths([], expecting: "machine-7.example.test") == [.contradicted, .reported, .reported])
        let shown = verdict(.keyPresent, commonName: "machine-7.example.test")
        #expect(strengths([shown], expecting: "machine-7.example.test") == [.contradicted, .reported, .reported])
        #expect(strengths([named], expecting: nil) == [other, other, other], "a line that does not say")
    }
}
