import PostureModel
import ScorerModel
import TestSupport
import Testing

@testable import DeviceIdentity

@Suite("Two machines with one key")
struct CloneDetectionTests {
    /// Reports from these boots, one every so many seconds; which of them show two machines.
    func shown(_ boots: [String?], seconds: Int64 = 60) -> [Int] {
        var history = BootHistory()
        return boots.enumerated().filter { index, boot in
            CloneDetection.add(boot ?? "", to: &history, at: SampleDevice.now.adding(seconds: Int64(index) * seconds))
        }.map(\.offset)
    }

    @Test("give themselves away by going back and forth between boots, from the second return on")
    func interleaved() {
        #expect(shown(["a", "b", "a", "b", "a", "b"]) == [3, 4, 5])
        #expect(shown(["a", "b", "c", "a", "b"]) == [4])
    }

    @Test(
        "are not what one machine is, that reboots, does not say its boot, or goes back to a snapshot once",
        arguments: [
            ["a", "a", "b", "b", "c", "d", "e", "f", "g", "h", "i", "j"], [nil, nil, nil], [nil, "a", "a", "b"],
            ["a", "b", "a", "c", "d"],
        ] as [[String?]]
    )
    func one(boots: [String?]) {
        #expect(shown(boots) == [])
    }

    @Test("are not what goes back to a snapshot every other day, and are what does so within one")
    func window() {
        #expect(shown(["a", "b", "a", "b", "a"], seconds: 2 * 86_400) == [])
        #expect(shown(["a", "b", "a", "b"], seconds: 86_400) == [3])
        #expect(shown(["a", "b", "a", "b"], seconds: 86_401) == [])
    }

    @Test("give themselves away too where one does not say its boot, or makes up one after the other")
    func evasion() {
        #expect(shown(["a", nil, "a", nil]) == [3])
        #expect(shown((0..<33).map { "made-up-\($0)" }, seconds: 1) == [31, 32])
        #expect(shown((0..<64).map { "made-up-\($0)" }, seconds: 3600) == [])
    }

    @Test("leave a history that is bounded")
    func bounds() {
        var history = BootHistory()
        for index in 0..<200 {
            _ = CloneDetection.add("\(index % 70)", to: &history, at: SampleDevice.now.adding(seconds: Int64(index)))
        }
        #expect(history.ids.count == CloneDetection.idLimit)
        #expect(history.news.count <= CloneDetection.newLimit && history.returns.count <= CloneDetection.returnLimit)
    }

    @Test("raise an alarm once, at the report that shows them, and it stays")
    func alarm() throws {
        var fleet = Fleet()
        fleet.register(1...1)
        var raised: [Int] = []
        for (index, boot) in ["a", "b", "a", "b", "a", "b"].enumerated() {
            let report = SampleDevice.verified(1, nonce: Int64(index), bootID: boot)
            if try fleet.accept(report, after: Int64(index) * 60).events.isCloneAlarmRaised { raised.append(index) }
        }
        #expect(raised == [3])
        #expect(fleet.record(1)?.cloneAlarmSince == SampleDevice.now.adding(seconds: 180))
    }

    @Test("raise an alarm where reports with a boot and without one alternate")
    func unknownBoot() throws {
        var fleet = Fleet()
        fleet.register(1...1)
        let raised = try [nil, "a", nil, "a"].enumerated().map { index, boot in
            try fleet.accept(SampleDevice.verified(1, nonce: Int64(index), bootID: boot)).events.isCloneAlarmRaised
        }
        #expect(raised == [false, false, false, true])
    }
}
