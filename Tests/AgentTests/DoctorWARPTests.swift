import Blocking
import Collectors
import LocalSocket
import PostureModel
import TestSupport
import Testing

@testable import Agent

@Suite("What the doctor says of the WARP ids", .timeLimit(.minutes(5)))
struct DoctorWARPTests {
    let machine: TestMachine

    init() throws {
        machine = try TestMachine()
        try machine.configure(scorer: "http://127.0.0.1:\(try closedPort())")
    }

    private static let now = SampleDevice.now
    private static let reason = "/usr/bin/warp-cli: did not end in 2000 ms"

    /// What a machine shows whose client says this, and that remembers an id which was told so long ago.
    private func view(_ client: WARPAnswer, rememberedFor seconds: Int64? = nil) -> MachineView {
        let known = KnownWARPIDs(
            told: client.ids,
            configured: [],
            remembered: seconds.map { WARPIDs(ids: ["remembered-id"], readAt: Self.now.adding(seconds: -$0)) },
            at: Self.now
        )
        return MachineView(
            CollectedFacts(facts: .plain, warp: known, warpClient: client, checks: []),
            at: Self.now
        )
    }

    /// What a command prints while the daemon shows a machine.
    private func run(_ arguments: [String], _ view: MachineView) async throws -> Program.Ending {
        let shown = String(decoding: try Wire.encode(view), as: UTF8.self)
        let status = #"{"agent":"postured/0","now":\#(Self.now.seconds),"unwatched":[],"view":\#(shown)}"#
        let server = try LocalServer(at: machine.socket, mode: 0o600) { _, _ in
            Array(#"{"version":1,"status":\#(status)}"#.utf8)
        }
        server.start()
        defer { server.stop() }
        // A busy machine may need the seconds that are waited for the daemon for something else.
        for _ in 0..<20 {
            let ending = try await BlockingQueue(label: "test.postured").run { [machine] in
                try runProgram(TestMachine.postured, arguments + ["--socket", machine.socket])
            }
            let isSeen = ending.output.contains("it looks at the machine") || arguments == ["status"]
            if isSeen, ending.status != 2 { return ending }
        }
        throw CancellationError()
    }

    private func finding(_ view: MachineView) async throws -> DoctorFinding? {
        let ending = try await run(["doctor", "--json", "--config", machine.config], view)
        return try doctorFindings(ending).first { $0.name == "warp-ids" }
    }

    @Test("is that all is well where the client tells them, and where there is none")
    func well() async throws {
        #expect(try await finding(view(WARPAnswer(ids: .observed(["an-id-of-warp"]))))?.outcome == "ok")
        #expect(try await finding(view(WARPAnswer(ids: .notApplicable(reason: "none"))))?.outcome == "ok")
    }

    @Test("is why the client does not tell them, and what to do")
    func silent() async throws {
        let answer = WARPAnswer(ids: .unreadable(reason: Self.reason), advice: "systemctl restart warp-svc")
        let failed = try #require(try await finding(view(answer)))
        #expect(failed.outcome == "failed")
        #expect(failed.seen == Self.reason)
        #expect(failed.advice == "systemctl restart warp-svc")
        let repeated = try #require(try await finding(view(answer, rememberedFor: 300)))
        #expect(repeated.outcome == "warning")
        #expect(repeated.seen.contains("those that it told 5m ago are reported"))
        #expect(repeated.advice == "systemctl restart warp-svc")
    }

    @Test("is in the status, too, with the age of the ids")
    func status() async throws {
        let answer = WARPAnswer(ids: .unreadable(reason: Self.reason), advice: "systemctl restart warp-svc")
        let told = try await run(["status"], view(WARPAnswer(ids: .observed(["an-id-of-warp"])))).output
        #expect(told.contains("an-id-of-warp (the client told them)"))
        let repeated = try await run(["status"], view(answer, rememberedFor: 300)).output
        #expect(repeated.contains("remembered-id (the client told them 5m ago, and does not now)"))
        let silent = try await run(["status"], view(answer)).output
        #expect(silent.contains("cannot be told: \(Self.reason): systemctl restart warp-svc"))
    }
}
