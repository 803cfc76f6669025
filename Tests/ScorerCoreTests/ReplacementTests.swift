import PostureModel
import ScorerModel
import ScorerTestSupport
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerCore

@Suite("A device that takes the place of another")
struct ReplacementTests {
    let operators: OperatorHarness
    var commands: OperatorCommands { operators.commands }

    init() throws { operators = try OperatorHarness() }

    @Test("gets its certificate keys with their age, what operators assigned, tags and waivers; the old one retires")
    func replace() async throws {
        let proof = OperatorHarness.proof("k")
        let old = try await operators.report(1, serial: "PF0FAKE1", warpIDs: ["w-1"], checks: [proof])
        let new = try await operators.report(
            2,
            serial: "PF0FAKE1",
            warpIDs: ["w-2"],
            checks: [proof],
            at: operators.now.adding(seconds: 60)
        )
        _ = try await commands.assign(old, .warpID, "w-9", force: false)
        _ = try await commands.tag(old, names: ["servers"])
        _ = try await commands.waive(old, rule: "tpm_present", until: "7d", reason: "r")
        let outcome = try await commands.replace(old, by: new)
        #expect(outcome.device.rawValue == new && outcome.replaces.rawValue == old)
        let (before, after) = (try await operators.record(old), try await operators.record(new))
        #expect(before.retiredAt == operators.now && before.claims == [])
        #expect(after.tags.contains(DeviceTag("servers", .operators)) && after.waivers.map(\.rule) == ["tpm_present"])
        #expect(try await operators.claims(.key, "k").map(\.since) == [operators.now])
        #expect(try await operators.claims(.warp, "w-9").map(\.device.rawValue) == [new])
        #expect(try await operators.claims(.warp, "w-1") == [])
        #expect(await operators.error { _ = try await commands.replace(old, by: new) }?.kind == .conflict)
        #expect(await operators.error { _ = try await commands.replace(new, by: old) }?.kind == .conflict)
    }

    @Test("is another one, and does not get round a block")
    func refused() async throws {
        let (old, new) = (try await operators.report(1), try await operators.report(2))
        #expect(await operators.error { _ = try await commands.replace(old, by: old) }?.kind == .malformed)
        _ = try await commands.block(old, reason: "lost", by: nil)
        let blocked = await operators.error { _ = try await commands.replace(old, by: new) }
        #expect(blocked?.kind == .conflict && blocked?.remedy == .showDevice(SampleDevice.id(1)))
        let token = await operators.error {
            _ = try await commands.createToken(uses: 1, expiresIn: TimeSpan(seconds: 60), replacing: old)
        }
        #expect(token?.kind == .conflict)
        #expect(try await operators.record(old).retiredAt == nil)
        #expect(try await operators.store.tokens(limit: 1).isEmpty)
    }

    @Test("may be named by an enrolment token of one use")
    func token() async throws {
        let old = try await operators.report(1)
        let span = TimeSpan(seconds: 60)
        let made = try await commands.createToken(uses: 1, expiresIn: span, replacing: old)
        #expect(made.stored.replaces?.rawValue == old)
        #expect(try await operators.store.tokens(limit: 1).first == made.stored)
        let many = await operators.error {
            _ = try await commands.createToken(uses: 2, expiresIn: span, replacing: old)
        }
        #expect(many?.kind == .malformed)
    }
}
