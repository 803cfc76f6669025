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
        let alarm = IdentityNotice(.deviceKeyCopied, of: device.id, since: TestClock.start)
        #expect(try await store.commit([.notice(alarm)]) == .committed)
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
        let rival = try await newDevice()
        for (action, command) in [
            ("conflict.resolve", { _ = try await commands.resolveConflicts(id, force: false) }),
            ("clone.clear", { _ = try await commands.clearNotices(id) }),
            ("device.assign", { _ = try await commands.assign(id, .warpID, "w-1", force: false) }),
            ("device.unassign", { _ = try await commands.unassign(id, .warpID, "w-1") }),
            ("device.tag", { _ = try await commands.tag(id, names: ["servers"]) }),
            ("device.untag", { _ = try await commands.untag(id, names: ["servers"]) }),
            ("waiver.add", { _ = try await commands.waive(id, rule: "tpm_present", until: "7d", reason: "r") }),
            ("waiver.remove", { _ = try await commands.revokeWaiver(id, rule: "tpm_present") }),
            ("device.block", { _ = try await commands.block(id, reason: "lost", by: nil) }),
            ("device.unblock", { _ = try await commands.unblock(id) }),
            ("device.replace", { _ = try await commands.replace(id, by: rival) }),
            ("device.delete", { _ = try await commands.delete(id) }),
        ] as [(String, () async throws -> Void)] {
            #expect(try await added(command) == [["alice", action, id]])
        }
        #expect(
            try await added { try await commands.importInventory(inventory, replacing: true) }
                == [["alice", "inventory.import", "inventory"]]
        )
        let list = try WARPIDFile(csv: Array("serial,warp_id\nPF0FAKE1,w-2\n".utf8))
        #expect(
            try await added { _ = try await commands.importWARPIDs(list, isDryRun: false, trustsReported: true) }
                == [["alice", "warp_ids.import", "warp-ids"]]
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
        _ = try await commands.clearNotices(id)
        let before = try await entries()
        for command in [
            { _ = try await commands.resolveConflicts("nobody", force: true) },
            { _ = try await commands.resolveConflicts(id, force: true) },
            { _ = try await commands.clearNotices(id) },
            { _ = try await commands.assign(id, .serial, "To be filled by O.E.M.", force: true) },
            { _ = try await commands.assign("nobody", .warpID, "w-1", force: true) },
            { _ = try await commands.unassign(id, .serial, "PF0FAKE1") },
            { _ = try await commands.tag(id, names: [String(repeating: "a", count: 65)]) },
            { _ = try await commands.untag(id, names: ["servers"]) },
            { _ = try await commands.replace(id, by: id) }, { _ = try await commands.replace("nobody", by: id) },
            { _ = try await commands.waive(id, rule: "tpm_present", until: "tomorrow", reason: "r") },
            { _ = try await commands.waive(id, rule: "no_rule", until: "7d", reason: "r") },
            { _ = try await commands.revokeWaiver(id, rule: "tpm_present") },
            { _ = try await commands.block(id, reason: "", by: nil) },
            { _ = try await commands.block("nobody", reason: "lost", by: nil) },
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

    @Test("has what changed nothing in no entry: what was assigned, tagged or imported before")
    func unchanged() async throws {
        let id = try await newDevice()
        let list = try WARPIDFile(csv: Array("serial,warp_id\nPF0FAKE1,w-1\n".utf8))
        for command in [
            { _ = try await commands.assign(id, .warpID, "w-1", force: false) },
            { _ = try await commands.tag(id, names: ["servers"]) },
        ] as [() async throws -> Void] {
            #expect(try await added(command).count == 1)
            #expect(try await added(command) == [])
        }
        #expect(
            try await added { _ = try await commands.importWARPIDs(list, isDryRun: false, trustsReported: true) } == []
        )
    }

    @Test("has the end of a clone alarm, with which the history of the device begins anew")
    func cloneAlarm() async throws {
        let id = try #require(DeviceID(rawValue: try await newDevice()))
        let answered = try #require(try await store.record(of: id)?.continuity?.answered)
        _ = try await commands.clearNotices(id.rawValue)
        let record = try #require(try await store.record(of: id))
        #expect(record.notices == [] && record.continuity?.stretches == [])
        #expect(record.continuity?.answered == answered, "no receipt is given twice")
        #expect(record.newest != nil && record.serial == "pf0fake1", "nothing else of it changes")
    }
}
