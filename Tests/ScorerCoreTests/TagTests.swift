import PostureModel
import ScorerModel
import ScorerTestSupport
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerCore

@Suite("Tags that operators give")
struct TagTests {
    let operators: OperatorHarness
    var commands: OperatorCommands { operators.commands }

    init() throws { operators = try OperatorHarness() }

    @Test("stay with a machine without a serial number until an operator takes them away")
    func tag() async throws {
        let device = try await operators.report(1)
        let outcome = try await commands.tag(device, names: ["web", " servers ", "web"])
        #expect(outcome.tags == [DeviceTag("servers", .operators), DeviceTag("web", .operators)])
        try await operators.report(1, nonce: 2, serial: "PF0FAKE9")
        #expect(try await operators.record(device).tags.count == 2)
        #expect(try await commands.untag(device, names: ["web"]).tags == [DeviceTag("servers", .operators)])
        #expect(try await operators.record(device).tags == [DeviceTag("servers", .operators)])
    }

    @Test("are taken away whatever gave them")
    func untag() async throws {
        let device = try await operators.report(1, checks: [OperatorHarness.proof("k", name: "laptop-1.test")])
        #expect(try await operators.record(device).tags == [DeviceTag("laptop-1.test", .certificate)])
        #expect(try await commands.untag(device, names: ["laptop-1.test"]).tags == [])
        #expect(
            await operators.error { _ = try await commands.untag(device, names: ["laptop-1.test"]) }?.kind == .notFound
        )
    }

    @Test("have names of 1 to 64 printable bytes", arguments: ["", " ", "a\u{7}", String(repeating: "ä", count: 33)])
    func names(name: String) async throws {
        let device = try await operators.report(1)
        for names in [[name], ["good", name]] {
            #expect(await operators.error { _ = try await commands.tag(device, names: names) }?.kind == .malformed)
            #expect(await operators.error { _ = try await commands.untag(device, names: names) }?.kind == .malformed)
        }
        #expect(try await operators.record(device).tags == [])
        _ = try await commands.tag(device, names: [String(repeating: "ä", count: 32)])
    }

    @Test("are as many as a device may have, or none of them is given")
    func limit() async throws {
        let device = try await operators.report(1)
        _ = try await commands.tag(device, names: (1..<DeviceTag.limit).map { "t\($0)" })
        #expect(await operators.error { _ = try await commands.tag(device, names: ["a", "b"]) }?.kind == .conflict)
        #expect(try await operators.record(device).tags.count == DeviceTag.limit - 1)
        #expect(try await commands.tag(device, names: ["a", "t1"]).tags.count == DeviceTag.limit)
    }
}
