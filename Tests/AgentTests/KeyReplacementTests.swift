import Foundation
import OpenSSLBridge
import PostureModel
import Reporting
import TestSupport
import Testing

@testable import Agent

@Suite("The replacement of the device's key", .timeLimit(.minutes(5)))
struct KeyReplacementTests {
    let device: DeliveringDevice
    var scorer: ModelScorer { device.scorer }

    init() throws { device = try DeliveringDevice() }

    /// The names of the files in the key directory, but for the receipts.
    private func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: device.keys.path).filter { $0 != "receipts.json" }.sorted()
    }

    /// Whether everything is as it should be after a replacement.
    private func expectReplaced(_ before: DeviceKey) async throws {
        let after = try device.key()
        #expect(after.key.publicKey.jwk != before.key.publicKey.jwk)
        #expect(after.device == before.device, "the id stays")
        #expect(scorer.records.keys.map { $0 } == [before.device.rawValue])
        #expect(scorer.records[before.device.rawValue]?.key == after.key.publicKey.jwk)
        #expect(try files() == ["device-id.json", "device-key.pem"])
        try await device.report()
        #expect(scorer.reports.last?.device == before.device)
        #expect(scorer.alarms.isEmpty)
    }

    @Test("is signed by both keys, keeps the id and the receipt, and is followed by a report")
    func replaced() async throws {
        try await device.report()
        let before = try device.key()
        try await device.report(first: .keyReplacement)
        #expect(scorer.types == [.registration, .report, .keyReplacement, .report])
        #expect(scorer.reports.map(\.receipt) == [nil, "receipt-1"])
        try await expectReplaced(before)
    }

    @Test("may be repeated, and the id stays the first key's")
    func again() async throws {
        try await device.report()
        let first = try device.key()
        for _ in 0..<3 {
            let before = try device.key()
            try await device.report(first: .keyReplacement)
            try await expectReplaced(before)
        }
        #expect(try device.key().device == first.device)
        #expect(try first.ownID == first.device)
    }

    @Test("that did not get to the scorer is sent again before the next report, with the same new key")
    func lostBefore() async throws {
        try await device.report()
        let before = try device.key()
        scorer.fates(.isLost, .isLost)
        await #expect(throws: DeliveryError.self) { try await device.report(first: .keyReplacement) }
        let new = try contents(of: "\(device.keys.path)/device-key.new.pem")
        #expect(try device.key().key.publicKey.jwk == before.key.publicKey.jwk)
        try await device.report()
        #expect(try contents(of: "\(device.keys.path)/device-key.pem") == new)
        #expect(scorer.types == [.registration, .report, .keyReplacement, .report])
        try await expectReplaced(before)
    }

    @Test("whose answer was lost is sent again before the next report, with the same new key")
    func lostAfter() async throws {
        try await device.report()
        let before = try device.key()
        scorer.loseAnswer()
        await #expect(throws: DeliveryError.self) { try await device.report(first: .keyReplacement) }
        try await device.report()
        #expect(scorer.types == [.registration, .report, .keyReplacement, .keyReplacement, .report])
        try await expectReplaced(before)
    }

    @Test("is finished after a crash that comes when the scorer has taken it")
    func crashAfterAnswer() async throws {
        try await device.report()
        let before = try device.key()
        await #expect(throws: DeliveringDevice.Crash.self) {
            try await device.delivery(crashes: .keyReplacement).report(first: .keyReplacement)
        }
        #expect(try files() == ["device-key.new.pem", "device-key.pem"])
        try await device.report()
        try await expectReplaced(before)
    }

    @Test(
        "is finished after a crash between the id and the key, before and after the scorer took it",
        arguments: [1, 2]
    )
    func crashBetween(replacements: Int) async throws {
        try await device.report()
        for _ in 1..<replacements { try await device.report(first: .keyReplacement) }
        let before = try device.key()
        await #expect(throws: DeliveringDevice.Crash.self) {
            try await device.delivery(crashes: .keyReplacement).report(first: .keyReplacement)
        }
        // The key directory as it is when the id is on the disk and the key has not its new name yet.
        let (key, newKey) = ("\(device.keys.path)/device-key.pem", "\(device.keys.path)/device-key.new.pem")
        let (old, new) = (try contents(of: key), try contents(of: newKey))
        try device.keys.locked { try device.keys.completeReplacement() }
        try Data(old).write(to: URL(filePath: key))
        try Data(new).write(to: URL(filePath: newKey))
        for path in [key, newKey] {
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        }
        #expect(try device.key().device == before.device, "the key before still has its id")
        try await device.report()
        try await expectReplaced(before)
    }

    @Test(
        "has the id on the disk before the key: where that cannot be written, the key before stays and reports nothing"
    )
    func idFirst() async throws {
        try await device.report()
        let before = try device.key()
        // A directory in the way of the new file: what a full disk does.
        let obstacle = "\(device.keys.path)/device-id.json.new"
        try FileManager.default.createDirectory(atPath: "\(obstacle)/x", withIntermediateDirectories: true)
        await #expect(throws: (any Error).self) { try await device.report(first: .keyReplacement) }
        await #expect(throws: (any Error).self) { try await device.report() }
        #expect(try device.key().key.publicKey.jwk == before.key.publicKey.jwk)
        #expect(scorer.reports.count == 1)
        try FileManager.default.removeItem(atPath: obstacle)
        try await device.report()
        try await expectReplaced(before)
    }

    @Test("is finished after a crash that comes when the key has its new name")
    func crashAtTheEnd() async throws {
        try await device.report()
        let before = try device.key()
        await #expect(throws: DeliveringDevice.Crash.self) {
            try await device.delivery(crashes: .keyReplacement).report(first: .keyReplacement)
        }
        try device.keys.locked { try device.keys.completeReplacement() }
        try await expectReplaced(before)
        #expect(scorer.types.filter { $0 == .keyReplacement }.count == 1)
    }

    @Test("waits for a report of another process, which would be one by the key before")
    func waits() async throws {
        try await device.report()
        _ = try await device.delivery(sender: "process 1", crashes: .report).report()
        await #expect(throws: AgentError.self) { try await device.report(first: .keyReplacement) }
        #expect(try files() == ["device-key.pem"])
        let later = Timestamp.now().adding(seconds: ReceiptLedger.lifetime + 1)
        _ = try await device.delivery(now: { later }).report(first: .keyReplacement)
        #expect(scorer.alarms.isEmpty)
    }

    @Test("is the other process's, too: no report by the key before is signed while it waits")
    func otherProcess() async throws {
        try await device.report()
        let before = try device.key()
        scorer.loseAnswer()
        await #expect(throws: DeliveryError.self) { try await device.report(first: .keyReplacement) }
        _ = try await device.delivery(sender: "process 1").report()
        #expect(scorer.types == [.registration, .report, .keyReplacement, .keyReplacement, .report])
        try await expectReplaced(before)
    }

    @Test(
        "of a device that the scorer does not know any more comes after its registration, and the id is the newest key's"
    )
    func forgotten() async throws {
        try await device.report()
        try await device.report(first: .keyReplacement)
        let first = try device.key()
        scorer.forget()
        try await device.report()
        let second = try device.key()
        #expect(second.key.publicKey.jwk == first.key.publicKey.jwk)
        #expect(second.device != first.device)
        #expect(try second.device == second.ownID)
        #expect(scorer.reports.last?.device == second.device)
        try await device.report(first: .keyReplacement)
        #expect(try device.key().device == second.device)
        #expect(scorer.alarms.isEmpty)
    }

    @Test("leaves no id behind for a key that is put in its place, nor for one that is made anew")
    func otherKey() async throws {
        try await device.report()
        try await device.report(first: .keyReplacement)
        let key = "\(device.keys.path)/device-key.pem"
        try FileManager.default.removeItem(atPath: key)
        let anew = try device.key()
        #expect(try anew.device == anew.ownID)
        #expect(try files() == ["device-key.pem"])
        let other = try DeviceKey(in: device.directory.file("other"))
        try await device.report()
        try await device.report(first: .keyReplacement)
        try FileManager.default.removeItem(atPath: key)
        try FileManager.default.copyItem(atPath: device.directory.file("other/device-key.pem"), toPath: key)
        #expect(try device.key().device == other.device)
    }

    @Test("by a copy of the machine is refused to the other one, and says so")
    func copy() async throws {
        try await device.report()
        let copy = device.directory.file("copy")
        try FileManager.default.copyItem(atPath: device.keys.path, toPath: copy)
        try await device.report(first: .keyReplacement)
        try FileManager.default.removeItem(atPath: device.keys.path)
        try FileManager.default.copyItem(atPath: copy, toPath: device.keys.path)
        let error = await #expect(throws: DeliveryError.self) { try await device.report() }
        #expect(error?.description.contains("put the newest key back") == true)
        #expect(scorer.alarms.count == 1)
    }

    @Test("needs a device that has reported")
    func none() async throws {
        await #expect(throws: AgentError.self) { try await device.report(first: .keyReplacement) }
        #expect(!FileManager.default.fileExists(atPath: "\(device.keys.path)/device-key.pem"))
    }
}
