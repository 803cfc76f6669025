import Foundation
import PostureModel
import Reporting
import TestSupport
import Testing

@testable import Agent

@Suite("The retirement of a device", .timeLimit(.minutes(5)))
struct RetirementTests {
    let device: DeliveringDevice
    var scorer: ModelScorer { device.scorer }

    init() throws { device = try DeliveringDevice() }

    private func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: device.keys.path).sorted()
    }

    /// Whether everything is as it should be after a retirement.
    private func expectRetired() async throws {
        #expect(try files() == ["retired"])
        #expect(scorer.records.isEmpty)
        let count = scorer.types.count
        for first in [SigningRequest.report, .keyReplacement, .retirement] {
            await #expect(throws: DeviceRetired.self) { try await device.report(first: first) }
        }
        #expect(scorer.types.count == count, "nothing is sent any more")
        #expect(try files() == ["retired"])
        try FileManager.default.removeItem(atPath: "\(device.keys.path)/retired")
        let before = scorer.reports.first?.device
        try await device.report()
        #expect(scorer.reports.last?.device != before, "another device")
        #expect(scorer.reports.last?.receipt == nil)
    }

    @Test("deletes its key and what went with it, and ends its reports until an administrator says otherwise")
    func retired() async throws {
        try await device.report()
        try await device.report(first: .keyReplacement)
        await #expect(throws: DeviceRetired.self) { try await device.report(first: .retirement) }
        try await expectRetired()
    }

    @Test("that did not get to the scorer is sent by the next report, and no report is")
    func lostBefore() async throws {
        try await device.report()
        scorer.fates(.isLost, .isLost)
        await #expect(throws: DeliveryError.self) { try await device.report(first: .retirement) }
        #expect(scorer.records.count == 1)
        await #expect(throws: DeviceRetired.self) { try await device.report() }
        #expect(scorer.types == [.registration, .report, .retirement])
        try await expectRetired()
    }

    @Test("whose answer was lost ends with the scorer's not knowing the device, and registers it not again")
    func lostAfter() async throws {
        try await device.report()
        scorer.loseAnswer()
        await #expect(throws: DeliveryError.self) { try await device.report(first: .retirement) }
        await #expect(throws: DeviceRetired.self) { try await device.report() }
        #expect(scorer.types == [.registration, .report, .retirement])
        try await expectRetired()
    }

    @Test("is finished after a crash that comes when the scorer has taken it")
    func crash() async throws {
        try await device.report()
        await #expect(throws: DeliveringDevice.Crash.self) {
            try await device.delivery(crashes: .retirement).report(first: .retirement)
        }
        #expect(try files().contains("device-key.pem"))
        await #expect(throws: DeviceRetired.self) { try await device.report() }
        try await expectRetired()
    }

    @Test("goes before a replacement of the key that waits")
    func pending() async throws {
        try await device.report()
        scorer.fates(.isLost, .isLost)
        await #expect(throws: DeliveryError.self) { try await device.report(first: .keyReplacement) }
        await #expect(throws: DeviceRetired.self) { try await device.report(first: .retirement) }
        try await expectRetired()
    }

    @Test("needs a device that has reported")
    func none() async throws {
        await #expect(throws: AgentError.self) { try await device.report(first: .retirement) }
        #expect(try files().isEmpty)
    }
}
