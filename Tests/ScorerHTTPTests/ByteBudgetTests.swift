import CurlBridge
import PostureModel
import TestSupport
import Testing

@testable import ScorerHTTP

@Suite("The bytes that requests hold together", .timeLimit(.minutes(10)))
struct ByteBudgetTests {
    @Test("are never more than the budget, and each request has its first bytes besides")
    func counting() {
        let budget = ByteBudget(limit: 100)
        let (first, second) = (ByteAllowance(of: budget, free: 10), ByteAllowance(of: budget, free: 10))
        #expect(first.hold(10) && budget.held == 0)
        #expect(first.hold(70) && budget.held == 60)
        #expect(!second.hold(51) && budget.held == 60, "what is refused takes nothing")
        #expect(second.hold(50) && budget.held == 100)
        #expect(first.hold(20) && budget.held == 50)
        first.release()
        second.release()
        #expect(budget.held == 0 && budget.peak == 100)
        do { _ = ByteAllowance(of: budget).hold(30) }
        #expect(budget.held == 0, "an allowance that is gone holds nothing")
    }

    @Test("of agents, once spent, are for nobody until they are released, and Cloudflare and operators have their own")
    func bodies() async throws {
        let budgets = ByteBudgets()
        try await ScorerHarness.run(budgets: budgets) { scorer in
            let device = try await scorer.newDevice()
            let long = [UInt8](repeating: UInt8(ascii: " "), count: 40_000)
            #expect(try await scorer.post(.report, long).isProblem(.malformed))
            let others = ByteAllowance(of: budgets.agents)
            #expect(others.hold(budgets.agents.limit))
            let refused = try await scorer.post(.report, long)
            #expect(refused.isProblem(.unavailable) && refused.headers["retry-after"] == "30")
            #expect(refused.headers["connection"] == "close")
            #expect(try await scorer.report(device).status == 200, "its message is of a usual size")
            #expect(try await scorer.ask("{\(String(repeating: " ", count: 100_000))}").status == 200)
            let csv = "serial,tag\n" + (0..<2000).map { "PF0FAKE\($0),sales\n" }.joined()
            #expect(try await scorer.operate(.put, "/v1/inventory", csv, type: "text/csv").status == 200)
            others.release()
            #expect(try await scorer.post(.report, long).isProblem(.malformed))
            #expect(budgets.agents.peak == budgets.agents.limit && budgets.agents.held == 0)
            #expect(budgets.cloudflare.held == 0 && budgets.operators.held == 0 && budgets.operators.peak > 0)
        }
    }

    @Test("are bounded however many connections send a part of a body, and released when their time is up")
    func crowd() async throws {
        var budgets = ByteBudgets()
        budgets.agents = ByteBudget(limit: 256 * 1024)
        let (agents, timers) = (budgets.agents, ManualTimers())
        try await ScorerHarness.run(limits: timers.limits, budgets: budgets) { scorer in
            let script = """
                import selectors, socket, sys
                def connect(port): return socket.create_connection(("127.0.0.1", int(port)), timeout=100)
                head = b"POST /v1/reports HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 64000\\r\\n\\r\\n"
                crowd = [connect(sys.argv[1]) for _ in range(60)]
                for s in crowd: s.sendall(head + b"a" * 60000)
                answers = []
                for s in crowd:
                    got = b""
                    try:
                        while data := s.recv(65536): got += data
                    except ConnectionResetError: pass
                    answers.append(got[9:12].decode())
                print(*sorted(answers))
                """
            async let crowd = scorer.run("python3", ["-c", script, scorer.port(of: scorer.agents)])
            try await eventually { agents.peak > 128 * 1024 }
            #expect(try await scorer.report(try await scorer.newDevice()).status == 200)
            #expect(try await scorer.ask("{}").status == 200)
            #expect(try await scorer.operate(.get, "/v1/devices").status == 200)
            // Six can hold 60,000 bytes each, less the free ones. All others are refused in the end, whoever came first.
            try await eventually {
                let metrics = try await scorer.operate(.get, "/metrics").text
                let count =
                    metrics.firstMatch(of: /reports_total\{outcome="unavailable"\} (\d+)/).flatMap { Int($0.1) } ?? 0
                return count >= 54 && count + timers.count(.body) == 60
            }
            timers.end(.body)
            let answers = try await crowd.split(whereSeparator: \.isWhitespace)
            #expect(answers.count == 60 && Set(answers) == ["408", "503"], "\(answers)")
            #expect(answers.count { $0 == "503" } >= 54)
            try await eventually { agents.held == 0 }
            #expect(agents.peak <= agents.limit)
        }
    }

    @Test("of heads, once spent, are for nobody, but heads of a usual size are served")
    func heads() async throws {
        let budgets = ByteBudgets()
        try await ScorerHarness.run(budgets: budgets) { scorer in
            let start = "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
            let long = start + (0..<8).map { "X-\($0): \(String(repeating: "a", count: 2000))\r\n" }.joined()
            #expect(try await scorer.raw(scorer.agents, "\(long)\r\n").statuses == [204])
            #expect(budgets.agentHeads.peak > 0)
            let others = ByteAllowance(of: budgets.agentHeads)
            #expect(others.hold(budgets.agentHeads.limit))
            for end in ["\r\n", ""] {
                let refused = try await scorer.raw(scorer.agents, long + end)
                #expect(
                    refused.statuses == [503] && refused.has("Retry-After: 30") && refused.isClosed,
                    "\(refused.text)"
                )
            }
            #expect(try await scorer.ask("{}").status == 200)
            #expect(try await scorer.raw(scorer.operators, "\(long)\r\n").statuses == [204])
            others.release()
            #expect(try await scorer.raw(scorer.agents, "\(long)\r\n").statuses == [204])
            try await eventually { budgets.agentHeads.held == 0 }
        }
    }
}
