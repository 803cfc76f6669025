import Foundation
import OpenSSLBridge
import PostureModel
import Reporting
import TestSupport
import Testing

@testable import Agent

/// A copy of a machine: the scorer refuses its key replacement and its retirement while two machines have the key.
@Suite("A key replacement or a retirement that the scorer refuses to a copy", .timeLimit(.minutes(5)))
struct RefusedKeyChangeTests {
    let device: DeliveringDevice
    var scorer: ModelScorer { device.scorer }
    static let changes = [SigningRequest.keyReplacement, .retirement]

    init() throws { device = try DeliveringDevice() }

    /// A copy that shows a receipt which the machine has left behind.
    private func copy() async throws -> DeliveringDevice {
        try await device.report()
        let copy = try DeliveringDevice(copying: device)
        for _ in 0..<2 { try await device.report() }
        return copy
    }

    /// The names of the files in the copy's key directory.
    private func files(_ copy: DeliveringDevice) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: copy.keys.path).sorted()
    }

    /// The name of the file by which a change waits.
    private func pendingFile(_ change: SigningRequest) -> String {
        change == .retirement ? "retired" : "device-key.new.pem"
    }

    /// Whether nothing of a refused change is left, also once an operator has cleared the alarm.
    private func expectUnchanged(_ copy: DeliveringDevice) async throws {
        #expect(try files(copy) == ["device-key.pem", "receipts.json"])
        #expect(try copy.key().key.publicKey.jwk == device.key().key.publicKey.jwk)
        scorer.clear()
        try await copy.report()
        try await device.report()
        #expect(!scorer.types.contains(.keyReplacement) && !scorer.types.contains(.retirement))
        #expect(scorer.records.values.map(\.key) == [try device.key().key.publicKey.jwk])
    }

    @Test("leaves the key and nothing that waits, and says what to do", arguments: changes)
    func command(change: SigningRequest) async throws {
        let copy = try await copy()
        let error = await #expect(throws: DeliveryError.self) { try await copy.report(first: change) }
        #expect(
            error?.description
                == "nothing was changed: two machines have this key; if this machine is the copy: apt purge postured here"
        )
        #expect(scorer.reports.count == 3, "the command reports nothing then")
        try await expectUnchanged(copy)
    }

    @Test("is discarded where it waited, and a report is sent in its place", arguments: changes)
    func waiting(change: SigningRequest) async throws {
        let copy = try await copy()
        scorer.fates(.isLost, .isLost)
        await #expect(throws: DeliveryError.self) { try await copy.report(first: change) }
        #expect(try files(copy).contains(pendingFile(change)), "a scorer that is away decides nothing")
        try await copy.report()
        #expect(scorer.types.suffix(1) == [.report] && scorer.reports.count == 4)
        #expect(copy.warnings.all.count == 1)
        #expect(copy.warnings.all.first?.hasPrefix("nothing was changed: ") == true)
        try await expectUnchanged(copy)
    }

    @Test("waits on after a crash that comes before it is discarded, and the next try discards it", arguments: changes)
    func crash(change: SigningRequest) async throws {
        let copy = try await copy()
        await #expect(throws: DeliveringDevice.Crash.self) {
            try await copy.delivery(crashes: change.type).report(first: change)
        }
        #expect(try files(copy).contains(pendingFile(change)))
        try await copy.report()
        try await expectUnchanged(copy)
    }

    @Test("is discarded together with the new key that waited behind the retirement")
    func both() async throws {
        let copy = try await copy()
        for change in Self.changes {
            scorer.fates(.isLost, .isLost)
            await #expect(throws: DeliveryError.self) { try await copy.report(first: change) }
        }
        #expect(try files(copy).contains("device-key.new.pem") && files(copy).contains("retired"))
        await #expect(throws: DeliveryError.self) { try await copy.report(first: .retirement) }
        try await expectUnchanged(copy)
    }

    @Test("is not the machine's own, whose answer was lost: that is answered as before, and finished")
    func own() async throws {
        let copy = try await copy()
        let before = try device.key().key.publicKey.jwk
        scorer.loseAnswer()
        await #expect(throws: DeliveryError.self) { try await device.report(first: .keyReplacement) }
        await #expect(throws: DeliveryError.self) { try await copy.report() }
        #expect(scorer.alarms.count == 1)
        try await device.report()
        #expect(scorer.records.values.map(\.key) == [try device.key().key.publicKey.jwk])
        #expect(try device.key().key.publicKey.jwk != before)
    }
}
