import Foundation
import PostureModel
import Reporting
import TestSupport
import Testing

@testable import Agent

@Suite("The receipt of a report's answer", .timeLimit(.minutes(5)))
struct ReceiptTests {
    let device: DeliveringDevice
    var scorer: ModelScorer { device.scorer }
    var shown: [String?] { scorer.reports.map(\.receipt) }

    init() throws { device = try DeliveringDevice() }

    @Test("is shown by the next report, also of another process, and none by the first one")
    func next() async throws {
        for _ in 0..<3 { try await device.report() }
        #expect(shown == [nil, "receipt-1", "receipt-2"])
        #expect(scorer.alarms.isEmpty)
    }

    @Test("is the one before where the answer was lost, or the process ended before it was stored")
    func lost() async throws {
        try await device.report()
        scorer.loseAnswer()
        await #expect(throws: DeliveryError.self) { try await device.report() }
        try await device.report()
        _ = try await device.delivery(crashes: .report).report()
        try await device.report()
        #expect(shown == [nil, "receipt-1", "receipt-1", "receipt-3", "receipt-3"])
        #expect(scorer.alarms.isEmpty)
    }

    @Test("that cannot be stored is complained of once, and the one before is shown until it can")
    func full() async throws {
        try await device.report()
        let delivery = device.delivery()
        // A directory in the way of the new file: what a full disk does.
        let obstacle = "\(device.keys.path)/receipts.json.new"
        try FileManager.default.createDirectory(atPath: "\(obstacle)/x", withIntermediateDirectories: true)
        for _ in 0..<3 { #expect(try await delivery.report().score.value == 90) }
        #expect(device.warnings.all.count == 1)
        #expect(device.warnings.all.first?.hasPrefix("the scorer's receipt cannot be stored") == true)
        try FileManager.default.removeItem(atPath: obstacle)
        for _ in 0..<2 { _ = try await delivery.report() }
        #expect(shown == [nil] + [String](repeating: "receipt-1", count: 4) + ["receipt-5"])
        #expect(device.warnings.all.count == 1)
        #expect(scorer.alarms.isEmpty)
    }

    @Test("stays where two processes report at once, in whatever order their reports arrive")
    func beside() async throws {
        try await device.report()
        let (daemon, direct) = (device.delivery(), device.delivery(sender: "process 1", crashes: .report))
        // The report past the daemon ends without a word: it may still arrive.
        _ = try await direct.report()
        _ = try await daemon.report()
        #expect(try device.receipt() == "receipt-1")
        _ = try await daemon.report()
        #expect(scorer.alarms.isEmpty)
        #expect(shown == [nil, "receipt-1", "receipt-1", "receipt-1"])
    }

    @Test("is stored again once a report of another process cannot arrive any more")
    func afterwards() async throws {
        try await device.report()
        _ = try await device.delivery(sender: "process 1", crashes: .report).report()
        let later = Timestamp.now().adding(seconds: ReceiptLedger.lifetime + 1)
        _ = try await device.delivery(now: { later }).report()
        #expect(try device.receipt() == "receipt-3")
    }

    @Test("of many reports of two processes at once raises no alarm")
    func many() async throws {
        let device = device
        try await device.report()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for sender in ["the service", "process 1"] {
                group.addTask {
                    let delivery = device.delivery(sender: sender)
                    for _ in 0..<15 {
                        // A nonce that is older than that of the other's report is refused twice now and then.
                        do { _ = try await delivery.report() } catch DeliveryError.refused { continue }
                    }
                }
            }
            try await group.waitForAll()
        }
        try await device.report()
        #expect(scorer.alarms.isEmpty, "\(shown)")
    }

    @Test("is one scorer's and one device's: another is shown nothing, and has one of its own")
    func others() async throws {
        var ledger = ReceiptLedger()
        let (one, two) = (SampleDevice.id(1), SampleDevice.id(2))
        ledger.begin("1", by: "a", at: SampleDevice.now)
        #expect(ledger.settle("1", receipt: "r1", of: one, for: "https://a.test") == .stored)
        #expect(ledger.receipt(of: one, for: "https://b.test") == nil)
        #expect(ledger.receipt(of: two, for: "https://a.test") == nil)
        ledger.begin("2", by: "a", at: SampleDevice.now)
        #expect(ledger.settle("2", receipt: "r2", of: one, for: "https://b.test") == .stored)
        #expect(ledger.receipt(of: one, for: "https://a.test") == "r1", "a scorer that is gone back to knows it")
        #expect(ledger.settle("3", receipt: "r3", of: one, for: "https://a.test") == .unknown)
    }

    @Test("that is damaged stops the reports, which would raise an alarm without it, and says what to do")
    func damaged() async throws {
        try await device.report()
        for text in ["", "{", "[]", "{}"] {
            try Data(text.utf8).write(to: URL(filePath: "\(device.keys.path)/receipts.json"))
            let error = await #expect(throws: (any Error).self) { try await device.report() }
            #expect(error.map { "\($0)" }?.contains("posture-scorer clones clear") == true)
        }
        #expect(scorer.reports.count == 1)
    }

    @Test("goes on to be shown after a registration of the same key afresh")
    func again() async throws {
        try await device.report()
        scorer.forget()
        try await device.report()
        #expect(shown == [nil, "receipt-1"])
        try await device.report()
        #expect(scorer.alarms.isEmpty)
    }

    @Test("is not stored where it is longer than a report may show")
    func long() async throws {
        try await device.report()
        let nonce = Settlement(.report, nonce: "n", audience: "a", receipt: String(repeating: "r", count: 65))
        #expect(throws: AgentError.self) { try device.keys.settle(nonce) }
        #expect(try device.receipt() == "receipt-1")
    }
}
