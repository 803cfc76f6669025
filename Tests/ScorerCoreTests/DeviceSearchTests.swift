import PostureModel
import ScorerModel
import ScorerTestSupport
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerCore

@Suite("The device that an operator means")
struct DeviceSearchTests {
    let directory: TemporaryDirectory
    let store: SQLiteStore
    let commands: OperatorCommands

    init() throws {
        directory = try TemporaryDirectory("search")
        store = try SQLiteStore(path: directory.file("scorer.sqlite"))
        commands = OperatorCommands(store: store, actor: "a test", logger: LogLines().logger, at: TestClock.start)
    }

    /// The device that a text finds, or why it finds none.
    func find(_ text: String) async throws -> Result<DeviceID, OperatorError> {
        do { return .success(try await commands.findDevice(text).device) } catch let error as OperatorError {
            return .failure(error)
        }
    }

    func kind(_ text: String) async throws -> Problem.Kind? {
        guard case .failure(let error) = try await find(text) else { return nil }
        return error.kind
    }

    @Test("is named by its id or the first eight characters of it, as they are written, and not by seven")
    func ids() async throws {
        let device = try TestDevice()
        let id = device.id.rawValue
        try await store.add(device, device.report(), at: TestClock.start)
        for text in [id, String(id.prefix(8)), String(id.dropLast()), " \(id.prefix(12)) "] {
            #expect(try await find(text) == .success(device.id), "\(text)")
        }
        let other = id.first == "A" ? "B" : "A"
        for text in [String(id.prefix(7)), other + id.prefix(8).dropFirst(), String(id.dropFirst()), ""] {
            #expect(try await kind(text) == .notFound, "\(text)")
        }
    }

    @Test("is named by the serial number of the product, the board or the chassis, in any case")
    func serialNumbers() async throws {
        let device = try TestDevice()
        var report = device.report(serial: "PF0FAKE1")
        report.facts.serials.board = .observed(SerialNumber("L1HF0FAKE2"))
        report.facts.serials.chassis = .observed(SerialNumber("CN0 FAKE3"))
        try await store.add(device, report, at: TestClock.start)
        for text in ["PF0FAKE1", "pf0fake1", "l1hf0fake2", "cn0 fake3", " CN0 FAKE3"] {
            #expect(try await find(text) == .success(device.id), "\(text)")
        }
        for text in ["PF0FAKE", "PF0FAKE11", "L1HF0FAKE", "Default string"] {
            #expect(try await kind(text) == .notFound, "\(text)")
        }
    }

    @Test("is named by its host name with the domain or without, and two that share a label are told apart by it")
    func hostnames() async throws {
        let names = ["laptop-7.a.example", "laptop-7.b.example", "tablet-1", "desk-2.a.example"]
        var devices: [DeviceID] = []
        for (number, name) in names.enumerated() {
            let device = try TestDevice()
            devices.append(device.id)
            try await store.add(device, device.report(serial: "PF0FAKE\(number)", hostname: name), at: TestClock.start)
        }
        for (text, number) in [
            ("laptop-7.a.example", 0), ("LAPTOP-7.B.example.", 1), ("tablet-1", 2), ("tablet-1.a.example", 2),
            ("desk-2", 3), ("Desk-2.a.example", 3),
        ] {
            #expect(try await find(text) == .success(devices[number]), "\(text)")
        }
        #expect(try await kind("laptop-7") == .conflict, "it may be either")
        for text in ["laptop-7.c.example", "desk-2.b.example", "laptop", "a.example"] {
            #expect(try await kind(text) == .notFound, "\(text)")
        }
    }
}
