import PostureModel
import ScorerModel
import ScorerStore
import ScorerTestSupport
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerCore

@Suite("The audit of operators' commands")
struct AuditTests {
    let directory: TemporaryDirectory
    let store: SQLiteStore
    let commands: OperatorCommands
    let ca: TrustedCA

    init() throws {
        directory = try TemporaryDirectory("audit")
        store = try SQLiteStore(path: directory.file("scorer.sqlite"))
        commands = OperatorCommands(store: store, actor: "alice", logger: LogLines().logger, at: TestClock.start)
        ca = try TrustedCA(name: "Corp", certificates: Array(TestCorp.shared().root.pem.utf8))
    }

    func entries() async throws -> [AuditEntry] { try await store.audit(limit: 99, before: nil) }

    /// What a command adds to the audit.
    func added(_ command: () async throws -> Void) async throws -> [[String]] {
        let before = Set(try await entries().map(\.id))
        try await command()
        return try await entries().filter { !before.contains($0.id) }.map { [$0.actor, $0.action, $0.subject] }
    }

    /// A device that has reported, with a clone alarm.
    func newDevice() async throws -> String {
        let device = try TestDevice()
        try await store.add(device, device.report(), at: TestClock.start)
        var record = try #require(try await store.record(of: device.id))
        record.cloneAlarmSince = TestClock.start
        record.boots.ids = ["a", "b"]
        record.boots.returns = [1, 2]
        record.boots.news = [3]
        #expect(try await store.commit([.device(record)]) == .committed)
        return device.id.rawValue
    }

    func wait(_ subject: PendingChange.Subject) async throws {
        let change = PendingChange(subject: subject, digest: "d", impact: Impact(), since: TestClock.start)
        #expect(try await store.commit([try Setting.pending(subject).change(to: change)]) == .committed)
    }

    @Test("has one entry for each thing that a command changes, with who did it and to what")
    func changed() async throws {
        let id = try await newDevice()
        let inventory = try InventoryFile(csv: Array("serial\nPF0FAKE1\n".utf8))
        let cas = TrustedCAs(commands)
        try await wait(.policy)
        for (action, command) in [
            ("conflict.resolve", { _ = try await commands.assignClaims(id, force: false) }),
            ("clone.clear", { _ = try await commands.clearCloneAlarm(id) }),
            ("waiver.add", { _ = try await commands.waive(id, rule: "tpm_present", until: "7d", reason: "r") }),
            ("waiver.remove", { _ = try await commands.revokeWaiver(id, rule: "tpm_present") }),
            ("device.block", { _ = try await commands.block(id, reason: "lost", keyOnly: false) }),
            ("device.unblock", { _ = try await commands.unblock(id) }),
            ("device.delete", { _ = try await commands.delete(id) }),
        ] as [(String, () async throws -> Void)] {
            #expect(try await added(command) == [["alice", action, id]])
        }
        #expect(
            try await added { try await commands.importInventory(inventory, replacing: true) }
                == [["alice", "inventory.import", "inventory"]]
        )
        #expect(try await added { _ = try await commands.approveChanges() } == [["alice", "change.approve", "policy"]])
        let token = try await added { _ = try await commands.createToken(uses: 1, expiresIn: TimeSpan(seconds: 60)) }
        let hash = try #require(try await store.tokens(limit: 1).first?.hash)
        #expect(token == [["alice", "token.create", hash]])
        #expect(try await added { _ = try await commands.revokeToken(hash) } == [["alice", "token.revoke", hash]])
        let addition = try await added { _ = try await cas.add(ca) }
        let caID = try #require(try await store.cas().first?.id)
        #expect(addition == [["alice", "ca.add", caID]])
        #expect(try await added { _ = try await cas.remove(caID) } == [["alice", "ca.remove", caID]])
    }

    @Test("has none of a command that fails")
    func failed() async throws {
        let id = try await newDevice()
        let cas = TrustedCAs(commands)
        _ = try await cas.add(ca)
        _ = try await commands.clearCloneAlarm(id)
        let before = try await entries()
        for command in [
            { _ = try await commands.assignClaims("nobody", force: true) },
            { _ = try await commands.clearCloneAlarm(id) },
            { _ = try await commands.waive(id, rule: "tpm_present", until: "tomorrow", reason: "r") },
            { _ = try await commands.waive(id, rule: "no_rule", until: "7d", reason: "r") },
            { _ = try await commands.revokeWaiver(id, rule: "tpm_present") },
            { _ = try await commands.block(id, reason: "", keyOnly: false) },
            { _ = try await commands.block("nobody", reason: "lost", keyOnly: false) },
            { _ = try await commands.unblock(id) }, { _ = try await commands.delete("nobody") },
            { _ = try await commands.approveChanges() },
            { _ = try await commands.createToken(uses: 0, expiresIn: TimeSpan(seconds: 60)) },
            { _ = try await commands.revokeToken("12345678") }, { _ = try await cas.add(ca) },
            { _ = try await cas.remove("2458ce5a-0c35-4c7f-82c7-8e9487d3ff60") },
        ] as [() async throws -> Void] {
            await #expect(throws: OperatorError.self) { try await command() }
        }
        #expect(try await entries() == before)
    }

    @Test("has the end of a clone alarm, with which the history of boots begins anew")
    func cloneAlarm() async throws {
        let id = try #require(DeviceID(rawValue: try await newDevice()))
        _ = try await commands.clearCloneAlarm(id.rawValue)
        let record = try #require(try await store.record(of: id))
        #expect(record.cloneAlarmSince == nil && record.boots == BootHistory())
        #expect(record.newest != nil && record.serial == "pf0fake1", "nothing else of it changes")
    }
}
