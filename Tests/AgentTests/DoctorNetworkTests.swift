import Foundation
import PostureModel
import TestSupport
import Testing

@Suite("postured doctor, on the way to the scorer", .timeLimit(.minutes(5)))
struct DoctorNetworkTests {
    let machine: TestMachine

    init() throws {
        machine = try TestMachine()
        try machine.fixture.database.importWithKey(machine.fixture.leaf(), nickname: "laptop")
    }

    @Test("tells a name that nobody knows")
    func noName() throws {
        try machine.configure(scorer: "https://scorer.invalid")
        let findings = try doctorFindings(machine.doctor())
        #expect(findings.filter { $0.outcome == "failed" }.map(\.name) == ["dns", "daemon"])
    }

    @Test(
        "tells what stands before the scorer from the scorer",
        arguments: [
            (302, ["Location": "https://login.test/?token=x"], "access"), (401, [:], "access"),
            (403, [:], "access"),
            (200, [:], "scorer"), (404, [:], "scorer"), (502, [:], "scorer"),
        ]
    )
    func before(status: Int, headers: [String: String], name: String) throws {
        let server = try LoopbackServer { _, connection in connection.answer(status, headers) }
        try machine.configure(scorer: server.url)
        let ending = try machine.doctor()
        let findings = try doctorFindings(ending)
        #expect(findings.filter { $0.outcome == "failed" }.map(\.name) == [name, "daemon"])
        #expect(!ending.output.contains("token=x"))
    }

    @Test("says what Cloudflare wants, as a report does")
    func cloudflare() throws {
        for (status, headers, body, name) in [
            (403, ["cf-mitigated": "challenge", "Content-Type": "text/html"], "Just a moment...", "access"),
            (530, ["Server": "cloudflare"], "error code: 1033", "scorer"),
            (403, ["Content-Encoding": "gzip", "Content-Type": "application/problem+json"], "\u{1f}", "scorer"),
        ] {
            let server = try LoopbackServer { _, connection in connection.answer(status, headers, body) }
            try machine.configure(scorer: server.url)
            let finding = try #require(try doctorFindings(machine.doctor()).first { $0.outcome == "failed" })
            #expect(finding.name == name)
            let report = try machine.postured("report").errors
            // "… answers 403: CAUSE", and the advice.
            let cause = try #require(finding.seen.split(separator: ": ", maxSplits: 1).last)
            #expect(report.contains("\(cause): \(finding.advice ?? "-")"), "\(report)")
        }
    }

    @Test("says what libcurl does with the variables that name a proxy")
    func proxies() throws {
        let server = try LoopbackServer { _, connection in connection.answer(403) }
        try machine.configure(scorer: "https://10.9.8.7:18399")
        for (exempt, isDirect) in [("", false), ("10.0.0.0/8", true), ("10.9.8.7", true)] {
            let environment = ["https_proxy": "http://me:secret@127.0.0.1:\(server.port)", "no_proxy": exempt]
            let arguments = ["doctor", "--json", "--config", machine.config, "--socket", machine.socket]
            let ending = try runProgram(TestMachine.postured, arguments, environment: environment)
            let finding = try doctorFindings(ending).first { $0.name == "proxy" }
            let named =
                "http://127.0.0.1:\(server.port), from this environment's https_proxy; the service has an environment of its own"
            #expect(finding?.seen == (isDirect ? "none is named for 10.9.8.7" : named))
            #expect(!ending.output.contains("secret"))
        }
        #expect(Set(server.lines) == ["CONNECT 10.9.8.7:18399"])
    }

    @Test("warns of a clock that is not the scorer's")
    func otherClock() throws {
        let server = try LoopbackServer { _, connection in
            let date = "Sun, 22 Nov 2037 09:30:00 GMT"
            connection.answer(204, ["Replay-Nonce": "nonce-1", "Date": date])
        }
        try machine.configure(scorer: server.url)
        let finding = try doctorFindings(machine.doctor()).first { $0.name == "scorer-clock" }
        #expect(finding?.outcome == "warning")
        #expect(finding?.seen.contains(" behind the scorer's, which says 2037-11-22T09:30:00Z") == true)
    }

    @Test("does not wait for a server that says nothing")
    func silence() throws {
        let server = try LoopbackServer { _, connection in _ = connection }
        try machine.configure(scorer: server.url)
        let start = ContinuousClock.now
        let findings = try doctorFindings(machine.doctor())
        #expect(ContinuousClock.now - start < .seconds(100))
        #expect(findings.first { $0.name == "scorer" }?.outcome == "failed")
    }

    @Test("says that http has no TLS, and to whom it goes")
    func plain() throws {
        let server = try LoopbackServer { _, connection in connection.answer(204, ["Replay-Nonce": "nonce-1"]) }
        let plain = "http://scorer.invalid\"\nallow_plain_http = true\nproxy = \"\(server.url)"
        try machine.configure(scorer: plain)
        let finding = try doctorFindings(machine.doctor()).first { $0.name == "tls" }
        #expect(finding?.outcome == "skipped")
        #expect(finding?.seen.hasPrefix("http has none: anybody") == true)
        try machine.configure(scorer: server.url)
        #expect(
            try doctorFindings(machine.doctor()).first { $0.name == "tls" }?.seen == "http to this machine has none"
        )
    }
}
