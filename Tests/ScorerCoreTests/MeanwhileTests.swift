import Dispatch
import PostureModel
import SQLiteStore
import ScorerModel
import ScorerStore
import ScorerTestSupport
import Synchronization
import TestSupport
import Testing

@testable import ScorerCore

/// Two stores on one database, as two processes have; one of them writes when the other has read.
@Suite("What another process writes while an operator's command decides")
struct MeanwhileTests {
    private let directory: TemporaryDirectory
    /// The other process's.
    private let other: SQLiteStore
    private let interruption: Interruption
    private let commands: OperatorCommands

    init() throws {
        directory = try TemporaryDirectory("meanwhile")
        other = try SQLiteStore(path: directory.file("scorer.sqlite"))
        let interruption = Interruption()
        let store = try SQLiteStore(path: directory.file("scorer.sqlite"), trace: { interruption.read($0) })
        self.interruption = interruption
        commands = OperatorCommands(store: store, actor: "a test", logger: LogLines().logger, at: SampleDevice.now)
    }

    /// Runs something each time that a snapshot's claims have been read.
    private final class Interruption: Sendable {
        private let body = Mutex<(@Sendable () async throws -> Void)?>(nil)

        func set(_ body: (@Sendable () async throws -> Void)?) { self.body.withLock { $0 = body } }

        /// Blocks the thread that reads, which is none of the cooperative pool.
        func read(_ statement: String) {
            guard statement.hasPrefix("SELECT i.*"), let body = body.withLock(\.self) else { return }
            let end = DispatchSemaphore(value: 0)
            Task {
                do { try await body() } catch { Issue.record(error) }
                end.signal()
            }
            end.wait()
        }
    }

    private func register(_ number: Int) async throws {
        let registration = SampleDevice.registration(number)
        let record = DeviceRecord(
            device: registration.device,
            key: registration.key,
            registeredAt: SampleDevice.now,
            registeredBy: .token(hash: "t")
        )
        #expect(try await other.commit([.device(record)]) == .committed)
    }

    private func inventory(_ name: String) throws -> InventoryFile {
        try InventoryFile(csv: Array("serial,certificate_name\nPF0FAKE1,\(name)\n".utf8))
    }

    @Test("a report that a line confirms loses that where an import changes the line", arguments: [false, true])
    func confirmedMeanwhile(isKnown: Bool) async throws {
        let serial = try #require(Identifier(.serial, "PF0FAKE1"))
        let proof = OperatorHarness.proof("k")
        try await register(1)
        if isKnown {
            try await other.ingest(SampleDevice.verified(1, nonce: 1, serial: "PF0FAKE1"), at: SampleDevice.now)
        }
        try await commands.importInventory(inventory("a.test"), replacing: false)
        let (other, interruption) = (other, interruption)
        interruption.set {
            interruption.set(nil)
            let report = SampleDevice.verified(1, nonce: 2, serial: "PF0FAKE1", checks: [proof])
            try await other.ingest(report, at: SampleDevice.now)
            let claims = try await other.load(.init(identifiers: [serial])).claims(to: serial)
            #expect(claims.claims.map(\.strength) == [.expected])
        }
        try await commands.importInventory(inventory("b.test"), replacing: false)
        let claims = try await other.load(.init(identifiers: [serial])).claims(to: serial)
        #expect(claims.claims.map(\.strength) == [.reported])
    }

    @Test("a line that another import adds is not deleted unseen by one that replaces all lines")
    func addedMeanwhile() async throws {
        try await register(1)
        try await commands.importInventory(inventory("a.test"), replacing: false)
        let (other, interruption) = (other, interruption)
        let added = try InventoryFile(csv: Array("serial,certificate_name\nPF0FAKE2,a.test\n".utf8))
        interruption.set {
            interruption.set(nil)
            let another = OperatorCommands(store: other, actor: "b", logger: LogLines().logger, at: SampleDevice.now)
            try await another.importInventory(added, replacing: false)
            let proof = OperatorHarness.proof("k")
            let report = SampleDevice.verified(1, nonce: 1, serial: "PF0FAKE2", checks: [proof])
            try await other.ingest(report, at: SampleDevice.now)
        }
        try await commands.importInventory(inventory("b.test"), replacing: true)
        let serial = try #require(Identifier(.serial, "PF0FAKE2"))
        let claims = try await other.load(.init(identifiers: [serial])).claims(to: serial)
        #expect(claims.claims.map(\.strength) == [.reported])
        #expect(try await other.inventory(after: nil, limit: 9).map(\.serial) == ["pf0fake1"])
    }

    @Test("at every attempt is a conflict, and changes nothing")
    func conflict() async throws {
        try await register(1)
        try await other.ingest(SampleDevice.verified(1, nonce: 1, serial: "PF0FAKE1"), at: SampleDevice.now)
        try await commands.importInventory(inventory("a.test"), replacing: false)
        let other = other
        let nonce = Mutex<Int64>(1)
        interruption.set {
            // The claim goes and comes, and the record moves with it.
            let number = nonce.withLock { last in
                last += 1
                return last
            }
            let serial = number % 2 == 0 ? "PF0FAKE2" : "PF0FAKE1"
            try await other.ingest(SampleDevice.verified(1, nonce: number, serial: serial), at: SampleDevice.now)
        }
        let id = SampleDevice.id(1).rawValue
        let assignment = await #expect(throws: OperatorError.self) {
            _ = try await commands.assign(id, .serial, "PF0FAKE1", force: false)
        }
        #expect(assignment?.kind == .conflict && assignment?.remedy == nil)
        let replaced = await #expect(throws: OperatorError.self) {
            try await commands.importInventory(inventory("b.test"), replacing: false)
        }
        #expect(replaced?.kind == .conflict)
        interruption.set(nil)
        #expect(try await other.inventory(after: nil, limit: 9).map(\.certificateName) == ["a.test"])
        #expect(try await other.audit(limit: 9, before: nil).map(\.action) == ["inventory.import"])
    }
}
