import PostureModel
import ScorerModel
import ScorerStore
import ScorerTestSupport
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerCore

@Suite("The list of conflicts")
struct ConflictListTests {
    let operators: OperatorHarness
    var commands: OperatorCommands { operators.commands }

    init() throws { operators = try OperatorHarness() }

    /// Each conflict with the devices that take part, by their numbers.
    func list() async throws -> [[String]] {
        try await commands.conflicts(limit: 100).map { conflict in
            [conflict.kind.rawValue]
                + conflict.parties.map { party in
                    "\((1...9).first { SampleDevice.id($0) == party.device } ?? 0)"
                }
        }
    }

    @Test("has identifiers that several devices claim, the holder first, with the strengths in words")
    func claims() async throws {
        let proof = OperatorHarness.proof("k")
        try await operators.report(1, serial: "PF0FAKE1", warpIDs: ["w-1"])
        try await operators.report(2, serial: "PF0FAKE1", warpIDs: ["w-1"], checks: [proof])
        try await operators.report(3, checks: [proof], at: operators.now.adding(seconds: 60))
        #expect(
            try await list() == [["certificate_key", "2", "3"], ["serial_number", "2", "1"], ["warp_id", "2", "1"]]
        )
        let parties = try await commands.conflicts(limit: 9).last?.parties ?? []
        #expect(parties.map(\.claim) == [.proven, .reported])
        #expect(parties.map(\.hostname) == ["laptop-2", "laptop-1"])
    }

    @Test("has alarms and other notices with both parties, until they are cleared")
    func notices() async throws {
        for number in 1...2 { try await operators.report(number) }
        let (first, second) = (SampleDevice.id(1), SampleDevice.id(2))
        let use = RowUse(
            device: first,
            row: "w-1",
            kind: .warp,
            strength: .assigned,
            agreeing: [],
            askedAt: operators.now
        )
        let notices = [
            IdentityNotice(.lending, of: first, other: "w-2", since: operators.now),
            IdentityNotice(.certificateKeyPassedOn, of: first, other: second.rawValue, since: operators.now),
            IdentityNotice(.certificateKeyReturned, of: first, other: second.rawValue, since: operators.now),
            IdentityNotice(.deviceKeyCopied, of: first, since: operators.now),
            IdentityNotice(.snapshotRestored, of: first, since: operators.now),
        ]
        let changes = [Change.use(first, use, insteadOf: nil)] + notices.map(Change.notice)
        #expect(try await operators.store.commit(changes) == .committed)
        #expect(
            Set(try await list()) == [
                ["lending", "1"], ["certificate_key_passed_on", "1", "2"], ["certificate_key_returned", "1", "2"],
                ["device_key_copied", "1"], ["snapshot_restored", "1"],
            ]
        )
        let lending = try #require(try await commands.conflicts(limit: 9).first { $0.kind == .lending })
        #expect(lending.value == "w-2" && lending.parties[0].row == "w-1" && lending.since == operators.now)
        #expect(
            Set(try await commands.cloneAlarms(limit: 9).map(\.notice.kind)) == [
                .deviceKeyCopied, .certificateKeyReturned,
            ]
        )
        #expect(try await commands.clearNotices(first.rawValue).notices.count == 5)
        #expect(try await list() == [])
        #expect(try await commands.cloneAlarms(limit: 9).isEmpty)
    }

    @Test("names a blocked device, with which no conflict is resolved unless that is forced")
    func blocked() async throws {
        try await operators.report(1, serial: "PF0FAKE1", warpIDs: ["w-1"])
        let stranger = try await operators.report(2, serial: "PF0FAKE1")
        let outcome = try await commands.block(SampleDevice.id(1).rawValue, reason: "stolen", by: nil)
        #expect(outcome.uncovered.map(\.value) == ["pf0fake1", "w-1"], "what it only says is not blocked")
        let conflict = try #require(try await commands.conflicts(limit: 9).first)
        #expect(conflict.parties.map(\.isBlocked) == [true, false])
        let error = await operators.error { _ = try await commands.resolveConflicts(stranger, force: false) }
        #expect(error?.kind == .conflict && error?.remedy == .forceAssignment)
        let identifiers = try await commands.resolveConflicts(stranger, force: true).identifiers
        #expect(identifiers.map(\.value) == ["pf0fake1"])
    }

    @Test("has a key that passed on no more once its first holder took it back")
    func takenBack() async throws {
        for number in 1...2 { try await operators.report(number) }
        let (owner, newcomer) = (SampleDevice.id(1), SampleDevice.id(2))
        let notices = [
            IdentityNotice(.certificateKeyPassedOn, of: newcomer, other: owner.rawValue, since: operators.now),
            IdentityNotice(.certificateKeyReturned, of: owner, other: newcomer.rawValue, since: operators.now),
        ]
        #expect(try await operators.store.commit(notices.map(Change.notice)) == .committed)
        #expect(try await list() == [["certificate_key_returned", "1", "2"]])
    }

    @Test("ends an alarm about anything but the device's key without a new history")
    func continuity() async throws {
        let device = try await operators.report(1)
        let lending = IdentityNotice(.lending, of: SampleDevice.id(1), other: "w-2", since: operators.now)
        #expect(try await operators.store.commit([.notice(lending)]) == .committed)
        _ = try await commands.clearNotices(device)
        #expect(try await operators.record(device).continuity != nil)
    }
}
