import PostureModel
import ScorerModel
import ScorerStore
import ScorerTestSupport
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerCore

@Suite("Identifiers that an operator assigns")
struct AssignmentTests {
    let operators: OperatorHarness
    var commands: OperatorCommands { operators.commands }

    init() throws { operators = try OperatorHarness() }

    @Test("are held before every claim of others, and given up again")
    func assign() async throws {
        let thief = try await operators.report(1, warpIDs: ["w-1"])
        let owner = try await operators.report(2, serial: "PF0FAKE2")
        let outcome = try await commands.assign(owner, .warpID, " W-1 ", force: false)
        #expect(outcome.identifiers == [Identifier(stored: .warp, "w-1")] && !outcome.readsAnotherWARPID)
        #expect(try await operators.claims(.warp, "w-1").map(\.device.rawValue) == [owner, thief])
        #expect(try await operators.claims(.warp, "w-1").first?.strength == .assigned)
        _ = try await commands.unassign(owner, .warpID, "w-1")
        #expect(try await operators.claims(.warp, "w-1").map(\.device.rawValue) == [thief])
    }

    @Test("that the device reports stay reported when the assignment is taken back")
    func unassign() async throws {
        let device = try await operators.report(1, serial: "PF0FAKE1")
        _ = try await commands.assign(device, .serial, "PF0FAKE1", force: false)
        _ = try await commands.unassign(device, .serial, "pf0fake1")
        #expect(try await operators.claims(.serial, "pf0fake1").map(\.strength) == [.reported])
        #expect(
            await operators.error { _ = try await commands.unassign(device, .serial, "pf0fake1") }?.kind == .notFound
        )
    }

    @Test("and that do not count while the agent reads another WARP id are told")
    func readsAnother() async throws {
        let device = try await operators.report(1, warpIDs: ["w-1"])
        #expect(try await commands.assign(device, .warpID, "w-2", force: false).readsAnotherWARPID)
        #expect(try await !commands.assign(device, .warpID, "w-1", force: false).readsAnotherWARPID)
    }

    @Test("are not taken from a claim that somebody vouches for, unless that is forced")
    func force() async throws {
        let (first, second) = (try await operators.report(1), try await operators.report(2))
        _ = try await commands.assign(first, .warpID, "w-1", force: false)
        let refused = await operators.error { _ = try await commands.assign(second, .warpID, "w-1", force: false) }
        #expect(refused?.kind == .conflict && refused?.description.contains(first) == true)
        #expect(try await operators.claims(.warp, "w-1").map(\.device.rawValue) == [first])
        _ = try await commands.assign(second, .warpID, "w-1", force: true)
        #expect(try await operators.claims(.warp, "w-1").first?.device.rawValue == second)
    }

    @Test(
        "are good ones, of a device that is there and has not retired",
        arguments: [
            (AssignedKind.serial, "To be filled by O.E.M."), (.serial, ""), (.serial, "a\u{1b}b"), (.warpID, " "),
            (.warpID, String(repeating: "a", count: 257)), (.warpID, "a\nb"),
        ]
    )
    func bad(kind: AssignedKind, value: String) async throws {
        let device = try await operators.report(1)
        #expect(
            await operators.error { _ = try await commands.assign(device, kind, value, force: true) }?.kind
                == .malformed
        )
        var record = try await operators.record(device)
        #expect(record.claims == [])
        record.retiredAt = operators.now
        #expect(try await operators.store.commit([.device(record)]) == .committed)
        #expect(
            await operators.error { _ = try await commands.assign(device, .warpID, "w", force: true) }?.kind
                == .conflict
        )
    }

    @Test("to resolve conflicts are those of the newest report, and no others")
    func resolve() async throws {
        let owner = try await operators.report(1, serial: "PF0FAKE1", warpIDs: ["w-1"])
        let thief = try await operators.report(2, serial: "PF0FAKE2", warpIDs: ["w-1", "w-2"])
        let third = try await operators.report(3, serial: "PF0FAKE1")
        // The owner's agent tells nothing any more: what it claimed before is not assigned.
        try await operators.report(1, nonce: 2, serial: "PF0FAKE1")
        let outcome = try await commands.resolveConflicts(owner, force: false)
        #expect(outcome.identifiers == [Identifier(stored: .serial, "pf0fake1")])
        #expect(try await operators.claims(.warp, "w-1").map(\.device.rawValue) == [thief])
        #expect(try await operators.claims(.serial, "pf0fake1").map(\.device.rawValue) == [owner, third])
        #expect(
            await operators.error { _ = try await commands.resolveConflicts(thief, force: true) }?.kind == .notFound
        )
    }
}
