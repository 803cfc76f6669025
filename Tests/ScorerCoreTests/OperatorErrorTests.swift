import PostureModel
import ScorerModel
import ScorerTestSupport
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerCore

@Suite("An error of an operator's command")
struct OperatorErrorTests {
    let directory: TemporaryDirectory
    let store: SQLiteStore
    let commands: OperatorCommands

    init() throws {
        directory = try TemporaryDirectory("operators")
        store = try SQLiteStore(path: directory.file("scorer.sqlite"))
        commands = OperatorCommands(store: store, actor: "a test", logger: LogLines().logger, at: TestClock.start)
    }

    func error(_ body: () async throws -> Void) async -> OperatorError? {
        await #expect(throws: OperatorError.self) { try await body() }
    }

    @Test("tells what helps against it")
    func remedies() async throws {
        let devices = [try TestDevice(), try TestDevice()]
        for (number, device) in devices.enumerated() {
            try await store.add(device, device.report(hostname: "host-\(number)"), at: TestClock.start)
        }
        let unknown = await error { _ = try await commands.findDevice("host-9") }
        #expect(unknown?.kind == .notFound && unknown?.remedy == .listDevices)

        let several = await error { _ = try await commands.findDevice("PF0FAKE1") }
        #expect(several?.kind == .conflict)
        guard case .chooseDevice(let choice, isCut: false) = several?.remedy else {
            Issue.record("\(several as Any)")
            return
        }
        #expect(Set(choice.map(\.device)) == Set(devices.map(\.id)))

        _ = try await commands.resolveConflicts("host-0", force: false)
        for command in [
            { _ = try await commands.resolveConflicts("host-1", force: false) },
            { _ = try await commands.assign("host-1", .serial, "pf0fake1", force: false) },
        ] as [() async throws -> Void] {
            let weaker = await error(command)
            #expect(weaker?.kind == .conflict && weaker?.remedy == .forceAssignment)
        }
        _ = try await commands.resolveConflicts("host-1", force: true)
        let unassigned = await error { _ = try await commands.unassign("host-0", .serial, "pf0fake1") }
        #expect(unassigned?.kind == .notFound && unassigned?.remedy == .showDevice(devices[0].id))
        let untagged = await error { _ = try await commands.untag("host-0", names: ["servers"]) }
        #expect(untagged?.kind == .notFound && untagged?.remedy == .showDevice(devices[0].id))

        let token = await error { _ = try await commands.revokeToken("12345678") }
        #expect(token?.kind == .notFound && token?.remedy == .listTokens)
        let ca = await error { _ = try await TrustedCAs(commands).remove("2458ce5a-0c35-4c7f-82c7-8e9487d3ff60") }
        #expect(ca?.kind == .notFound && ca?.remedy == .listCAs)
        let alarm = await error { _ = try await commands.clearNotices("host-0") }
        #expect(alarm?.kind == .notFound && alarm?.remedy == .listClones)
        _ = try await commands.delete("host-1")
        let peaceful = await error { _ = try await commands.resolveConflicts("host-0", force: true) }
        #expect(peaceful?.kind == .notFound && peaceful?.remedy == .listConflicts)
    }

    @Test("is none for one host of many that have its name in other domains")
    func namesakes() async throws {
        for number in 0..<15 {
            let device = try TestDevice()
            let report = device.report(serial: "PF0FAKE\(number)", hostname: "web.d\(number).test")
            try await store.add(device, report, at: TestClock.start)
        }
        for number in 0..<15 {
            #expect(try await commands.findDevice("web.d\(number).test").hostname == "web.d\(number).test")
        }
        #expect(await error { _ = try await commands.findDevice("web") }?.kind == .conflict)
        #expect(await error { _ = try await commands.findDevice("web.other.test") }?.kind == .notFound)
    }

    @Test("lists at most ten devices to choose from")
    func manyDevices() async throws {
        for number in 0..<11 {
            let device = try TestDevice()
            try await store.add(device, device.report(hostname: "host-\(number)"), at: TestClock.start)
        }
        let many = await error { _ = try await commands.findDevice("PF0FAKE1") }
        guard case .chooseDevice(let choice, isCut: true) = many?.remedy else {
            Issue.record("\(many as Any)")
            return
        }
        #expect(choice.count == 10)
    }
}
