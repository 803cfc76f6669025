import Foundation
import TestSupport
import Testing

@Suite("Colours", .timeLimit(.minutes(5)))
struct ColourTests {
    let machine: TestMachine

    init() throws { machine = try TestMachine() }

    @Test(
        "are for terminals, and not where NO_COLOR asks for none",
        arguments: [
            (["TERM": "xterm", "NO_COLOR": ""], true),
            (["TERM": "xterm", "NO_COLOR": "1"], false),
            (["TERM": "dumb"], false),
        ]
    )
    func terminal(environment: [String: String], isColoured: Bool) throws {
        let command = "\(TestMachine.postured) check --config \(machine.config)"
        let ending = try runProgram("script", ["-qec", command, "/dev/null"], environment: environment)
        #expect(ending.output.contains("\u{1b}[31mfail\u{1b}[0m: corp: ") == isColoured, "\(ending.output)")
        #expect(ending.output.contains("\u{1b}") == isColoured)
    }

    @Test("are not in a pipe, nor in JSON")
    func pipe() throws {
        let ending = try runProgram(
            TestMachine.postured,
            ["check", "--config", machine.config],
            environment: ["TERM": "xterm"]
        )
        #expect(ending.output.hasPrefix("fail: corp: "))
        let command = "\(TestMachine.postured) check --json --config \(machine.config)"
        let json = try runProgram("script", ["-qec", command, "/dev/null"], environment: ["TERM": "xterm"])
        #expect(!json.output.contains("\u{1b}") && json.output.contains("\"fail\""))
    }
}
