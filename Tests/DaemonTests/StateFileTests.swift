import Foundation
import TestSupport
import Testing

@testable import Daemon

@Suite("The state of the daemon")
struct StateFileTests {
    let directory: TemporaryDirectory
    let file: StateFile

    init() throws {
        directory = try TemporaryDirectory("state")
        file = StateFile(in: directory.file("new"))
    }

    @Test("is new where there is none, and then what was kept; the directory is made")
    func kept() throws {
        #expect(try file.load() == AgentState())
        var state = AgentState()
        (state.failures, state.answer, state.error) = (3, FakeDependencies.answer(50), "no")
        try file.save(state)
        #expect(try file.load() == state)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.file("new")) == ["state.json"])
    }

    @Test("is an error where it is damaged, too long or no file", arguments: ["", "{", #"{"failures":"x"}"#])
    func damaged(text: String) throws {
        try file.save(AgentState())
        try directory.write(text.utf8, to: "new/state.json")
        #expect(throws: (any Error).self) { try file.load() }
        try directory.write(Array(repeating: UInt8(ascii: " "), count: 300_000), to: "new/state.json")
        #expect(throws: (any Error).self) { try file.load() }
    }

    @Test("of another version has bounds all the same")
    func bounded() throws {
        try file.save(AgentState())
        try directory.write(#"{"failures":9223372036854775807,"more":1}"#.utf8, to: "new/state.json")
        #expect(try file.load().failures == 1000)
    }
}
