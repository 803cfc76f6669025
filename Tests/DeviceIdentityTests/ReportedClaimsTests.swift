import PostureModel
import ScorerModel
import TestSupport
import Testing

@testable import DeviceIdentity

@Suite("What a report claims")
struct ReportedClaimsTests {
    func verdict(
        proves: Bool = true,
        bound: [String: String] = [:],
        commonName: String? = nil
    ) -> CheckVerdict {
        CheckVerdict(id: "corp", level: .proven, proves: proves, reason: "", bound: bound, commonName: commonName)
    }

    let serial = Identifier(stored: .serial, "pf0fake1")
    let warp = Identifier(stored: .warp, "w1")

    func strengths(_ checks: [CheckVerdict], line: InventoryItem? = nil) -> [Identifier: ClaimStrength] {
        ReportedClaims.strengths(reported: [serial, warp], verdicts: checks, inventory: line)
    }

    @Test("is its good serial number and the first eight of its WARP ids, each once")
    func identifiers() {
        let ids = ["W1", "w1", "", "w2", " w1 "] + (3...9).map { "w\($0)" }
        let report = SampleDevice.verified(1, nonce: 0, serial: "PF0FAKE1", warpIDs: ids)
        let found = ReportedClaims.identifiers(of: report.report)
        #expect(found.map(\.value) == ["pf0fake1", "w1", "w2", "w3", "w4", "w5"])
        let none = SampleDevice.verified(1, nonce: 0, serial: "Default string")
        #expect(ReportedClaims.identifiers(of: none.report).isEmpty)
    }

    @Test("is only reported without a proven certificate, whatever a certificate says")
    func reported() {
        let bound = ["serial_number": "PF0FAKE1", "device_uuid": "w1"]
        for checks in [[], [verdict(proves: false, bound: bound)]] {
            #expect(strengths(checks) == [serial: .reported, warp: .reported])
        }
        #expect(strengths([verdict()]) == [serial: .proven, warp: .proven])
    }

    @Test("is carried by a proven certificate that has that very value")
    func carried() {
        #expect(strengths([verdict(bound: ["serial_number": "pf0fake1 "])]) == [serial: .carried, warp: .proven])
        #expect(strengths([verdict(bound: ["device_uuid": "W1"])]) == [serial: .proven, warp: .carried])
        let swapped = verdict(bound: ["serial_number": "w1", "device_uuid": "pf0fake1"])
        #expect(strengths([swapped]) == [serial: .proven, warp: .proven])
        #expect(strengths([verdict(), verdict(bound: ["device_uuid": "w1"])])[warp] == .carried)
    }

    @Test("is expected by the inventory: the line's serial number, which the report has, and its WARP id")
    func inventory() {
        func line(_ name: String?, serial: String = "pf0fake1") -> InventoryItem {
            InventoryItem(serial: serial, certificateName: name, tag: nil, warpID: "w9")
        }
        let named = verdict(commonName: "Machine-7.example.test")
        let expected: [Identifier: ClaimStrength] = [
            serial: .expected, warp: .proven, Identifier(stored: .warp, "w9"): .expected,
        ]
        #expect(strengths([verdict(), named], line: line("machine-7.EXAMPLE.test")) == expected)
        let other: [Identifier: ClaimStrength] = [serial: .proven, warp: .proven]
        #expect(strengths([named], line: line(nil)) == other, "a line that does not say")
        #expect(strengths([named], line: line("another")) == other)
        #expect(strengths([named], line: line("machine-7.example.test", serial: "pf0fake2")) == other)
        let shown = verdict(proves: false, commonName: "machine-7.example.test")
        #expect(strengths([shown], line: line("machine-7.example.test")) == [serial: .reported, warp: .reported])
    }
}
