import Foundation
import ScorerTestSupport
import TestSupport
import Testing

@Suite("The scorer as a service", .timeLimit(.minutes(2)))
struct ServiceTests {
    let directory: TemporaryDirectory
    let notify: NotifySocket

    init() throws {
        (directory, notify) = (try TemporaryDirectory("service"), try NotifySocket())
        try configure(agents: "127.0.0.1:0")
    }

    func configure(_ more: String = "url = \"https://scorer.acme.test\"", agents: String) throws {
        let text = """
            \(more)
            state_directory = "\(directory.file("state"))"
            [listen]
            agents = "\(agents)"
            operators = "127.0.0.1:0"
            """
        try directory.write(text.utf8, to: "scorer.toml")
    }

    /// Starts it under a manager that wants to hear of it twice in these seconds.
    func start(
        _ notify: NotifySocket? = nil,
        watchdogSeconds: Int = 1,
        environment: [String: String] = [:]
    ) throws -> Program {
        let manager = [
            "NOTIFY_SOCKET": (notify ?? self.notify).path, "WATCHDOG_USEC": "\(watchdogSeconds)000000",
        ]
        return try Program(
            ScorerProgram.path,
            ["serve", "--config", directory.file("scorer.toml")],
            environment: manager.merging(environment) { $1 }
        )
    }

    func sql(_ text: String) throws { try runSQLite([directory.file("state/scorer.sqlite"), text]) }

    @Test("is ready once it listens on both addresses, tells how many devices there are, and stops when it is told")
    func whole() throws {
        let program = try start()
        #expect(notify.next() == "READY=1")
        #expect(program.errors.components(separatedBy: "listening").count == 3, "\(program.errors)")
        #expect(notify.next() == "WATCHDOG=1")
        #expect(notify.next() == "STATUS=0 devices, no report yet")
        #expect(notify.next() == "WATCHDOG=1")
        #expect(notify.next() == "WATCHDOG=1", "a status that is the same is not said again")
        program.signal(SIGTERM)
        #expect(notify.next { $0 == "STOPPING=1" } != nil)
        let ending = program.wait()
        #expect(ending.status == 0 && ending.errors.contains("posture-scorer: started (version: "), "\(ending.errors)")
    }

    @Test("gives no sign of life while its database does not answer, and says so once")
    func silence() throws {
        let program = try start()
        #expect(notify.next { $0.hasPrefix("STATUS=0 devices") } != nil)
        try sql("ALTER TABLE nonce_key RENAME TO gone")
        #expect(notify.next { $0.hasPrefix("STATUS=the database does not answer: ") } != nil)
        sleep(2)
        try sql("ALTER TABLE gone RENAME TO nonce_key")
        var signs = 0
        while let text = notify.next(), text != "STATUS=0 devices, no report yet" {
            signs += text == "WATCHDOG=1" ? 1 : 0
        }
        #expect(signs == 1, "a clock of its own would have given four more")
        program.signal(SIGTERM)
        let ending = program.wait()
        #expect(ending.errors.components(separatedBy: "the database does not answer").count == 2, "\(ending.errors)")
        #expect(ending.errors.contains("the database answers again"))
    }

    @Test("whose database answers again says so before the manager has waited too long")
    func recovery() throws {
        let program = try start(watchdogSeconds: 40)
        #expect(notify.next { $0.hasPrefix("STATUS=0 devices") } != nil)
        try sql("ALTER TABLE nonce_key RENAME TO gone")
        #expect(notify.next { $0.hasPrefix("STATUS=the database does not answer: ") } != nil)
        let failed = ContinuousClock.now
        try sql("ALTER TABLE gone RENAME TO nonce_key")
        #expect(notify.next() == "WATCHDOG=1")
        #expect(failed.duration(to: .now) < .seconds(18), "twenty and twenty would be forty, and the end")
        program.signal(SIGTERM)
        #expect(program.wait().status == 0)
    }

    @Test("does not wait for a request that does not come to its end")
    func slowRequest() throws {
        let program = try start()
        #expect(notify.next { $0.hasPrefix("STATUS=") } != nil)
        let port = try #require(program.errors.firstMatch(of: /127\.0\.0\.1:(\d+), for: agents/)?.1)
        let request =
            "exec 3<>/dev/tcp/127.0.0.1/\(port); printf 'POST /v1/reports HTTP/1.1\\r\\nHost: a\\r\\n"
            + "Content-Length: 9\\r\\n\\r\\na' >&3; echo sent; cat <&3"
        let client = try Program("bash", ["-c", request])
        for _ in 0..<2000 where client.output.isEmpty { usleep(50_000) }
        program.signal(SIGTERM)
        #expect(program.wait().status == 0)
        let answer = client.wait().output
        #expect(answer.hasPrefix("sent\n") && !answer.contains(" 408 "), "it would wait for thirty seconds: \(answer)")
    }

    @Test("without a configuration that it can use, says what is wrong with it, and need not be started again")
    func misconfigured() throws {
        try configure("urll = 1", agents: "127.0.0.1:0")
        let ending = try start().wait()
        #expect(ending.status == 78, "EX_CONFIG of sysexits.h")
        #expect(notify.next()?.hasPrefix("STATUS=\(directory.file("scorer.toml")): unknown key 'urll'") == true)
        #expect(ending.errors.contains("error: the configuration cannot be used (reason: \(directory.path)"))
    }

    @Test("does not start without a file of CRLs that its configuration names, and may be started again")
    func withoutCRLs() throws {
        let list = directory.file("list.crl")
        let check = """
            [[check]]
            id = "corp"
            trusted = ["00000000-0000-4000-8000-000000000000"]
            crls = ["\(list)"]
            """
        let text = try String(decoding: contents(of: directory.file("scorer.toml")), as: UTF8.self)
        try directory.write("\(text)\n\(check)".utf8, to: "scorer.toml")
        for bytes in [nil, Array("not fetched whole".utf8)] as [[UInt8]?] {
            if let bytes { try directory.write(bytes, to: "list.crl") }
            let ending = try start().wait()
            #expect(ending.status == 1, "\(ending.errors)")
            #expect(notify.next()?.hasPrefix("STATUS=\(list): ") == true)
        }
        try directory.write(TestCRL.make(by: TestCorp.shared().root), to: "list.crl")
        let program = try start()
        #expect(notify.next { $0 == "READY=1" } != nil)
        program.signal(SIGTERM)
        #expect(program.wait().status == 0)
    }

    @Test("with a policy that it cannot use, need not be started again")
    func badPolicy() throws {
        let policy = try directory.write("pointss = 1".utf8, to: "policy.toml")
        try configure("url = \"https://scorer.acme.test\"\npolicy = \"\(policy)\"", agents: "127.0.0.1:0")
        #expect(try start().wait().status == 78)
        #expect(notify.next()?.hasPrefix("STATUS=\(policy): ") == true)
    }

    @Test("whose port is taken names it, and may be started again")
    func taken() throws {
        let other = try start()
        #expect(notify.next { $0.hasPrefix("STATUS=") } != nil)
        let port = try #require(other.errors.firstMatch(of: /127\.0\.0\.1:(\d+), for: agents/)?.1)
        try configure(agents: "127.0.0.1:\(port)")
        let own = try NotifySocket()
        let ending = try start(own).wait()
        #expect(ending.status == 1)
        #expect(own.next()?.hasPrefix("STATUS=cannot listen at 127.0.0.1:\(port): ") == true, "and it was never ready")
        #expect(
            ending.errors.contains("cannot listen at 127.0.0.1:\(port): Address already in use"),
            "\(ending.errors)"
        )
    }

    @Test("whose port stays taken is not started again without end, and says who to ask")
    func takenForLong() throws {
        let other = try start()
        #expect(notify.next { $0.hasPrefix("STATUS=") } != nil)
        let port = try #require(other.errors.firstMatch(of: /127\.0\.0\.1:(\d+), for: agents/)?.1)
        try configure(agents: "127.0.0.1:\(port)")
        let own = try NotifySocket()
        let runtime = ["RUNTIME_DIRECTORY": directory.path]
        let first = try start(own, environment: runtime).wait()
        #expect(first.status == 1)
        let said = try #require(own.next { $0.contains("start 1 of 60") })
        #expect(said.contains("ss -ltnp 'sport = :\(port)'") && said.contains("the next is in ten seconds"))
        try directory.write([UInt8](repeating: UInt8(ascii: "."), count: 59), to: "port-taken")
        let last = try start(own, environment: runtime).wait()
        #expect(last.status == 69, "EX_UNAVAILABLE of sysexits.h")
        #expect(own.next { $0.contains("start 60 of 60") && $0.contains("systemctl start posture-scorer") } != nil)
        #expect(last.errors.contains("Address already in use"), "\(last.errors)")
        // Once it listens, the next time is the first.
        other.signal(SIGTERM)
        #expect(other.wait().status == 0)
        let later = try start(own, environment: runtime)
        #expect(own.next { $0 == "READY=1" } != nil)
        #expect(!FileManager.default.fileExists(atPath: directory.file("port-taken")))
        later.signal(SIGTERM)
        #expect(later.wait().status == 0)
    }

    @Test("is backed up while it runs, and knows again what it knew once that is restored")
    func backup() throws {
        let program = try start()
        #expect(notify.next { $0.hasPrefix("STATUS=") } != nil)
        let run = { (arguments: [String]) in
            try runProgram(ScorerProgram.path, arguments + ["--config", directory.file("scorer.toml")])
        }
        #expect(try run(["tokens", "create", "--uses", "7"]).status == 0)
        let copy = directory.file("copy.sqlite")
        let backup = try run(["backup", "create", copy])
        #expect(backup.status == 0 && (backup.output + backup.errors).isEmpty, "\(backup.errors)")
        let again = try run(["backup", "create", copy])
        #expect(again.status == 1 && again.errors.contains("\(copy): File exists"), "\(again.errors)")
        let known = try run(["tokens", "list"]).output
        #expect(known.contains("uses left: 7"))
        #expect(try run(["tokens", "create"]).status == 0)
        program.signal(SIGTERM)
        #expect(program.wait().status == 0)

        let state = directory.file("state")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: state).sorted() == [
                "metrics-token", "operator-token", "scorer.sqlite",
            ]
        )
        try runTool("install", ["-m", "600", copy, "\(state)/scorer.sqlite"])
        let restored = try start()
        #expect(notify.next { $0 == "READY=1" } != nil)
        #expect(try run(["tokens", "list"]).output == known)
        restored.signal(SIGTERM)
        #expect(restored.wait().status == 0)
    }

    @Test("says that it copies the database of an older version, since that takes a while")
    func older() throws {
        let program = try start()
        #expect(notify.next { $0.hasPrefix("STATUS=") } != nil)
        program.signal(SIGTERM)
        #expect(program.wait().status == 0)
        let tables = ["block", "waiver", "inventory", "enrolment_token", "trusted_ca", "audit"]
        let drops = tables.map { "DROP TABLE \($0);" }.joined(separator: " ")
        try sql("\(drops) DELETE FROM grdb_migrations WHERE identifier LIKE '2:%'")
        let upgraded = try start()
        let asked = notify.next { $0.hasPrefix("EXTEND") || $0.hasPrefix("STATUS=copying") || $0 == "READY=1" }
        #expect(asked == "EXTEND_TIMEOUT_USEC=300000000", "more than the unit gives it to start")
        let said = notify.next { $0.hasPrefix("STATUS=copying") || $0 == "READY=1" }
        #expect(said == "STATUS=copying the database before its upgrade")
        #expect(notify.next() == "READY=1")
        upgraded.signal(SIGTERM)
        let ending = upgraded.wait()
        #expect(ending.errors.contains("copying the database before its upgrade (copy: "), "\(ending.errors)")
    }

    @Test("does not touch the database of a newer version, and need not be started again")
    func newer() throws {
        let program = try start()
        #expect(notify.next { $0.hasPrefix("STATUS=") } != nil)
        program.signal(SIGTERM)
        #expect(program.wait().status == 0)
        try sql("INSERT INTO grdb_migrations VALUES ('999: of a later version')")
        let ending = try start().wait()
        #expect(ending.status == 65, "EX_DATAERR of sysexits.h")
        #expect(ending.errors.contains("written by a newer posture-scorer"), "\(ending.errors)")
        #expect(notify.next { $0.hasPrefix("STATUS=the database \(directory.file("state"))/scorer.sqlite was") } != nil)
    }

    @Test("has a unit that is hardened, and that knows which of its ends are for good")
    func unit() throws {
        let unit = URL(filePath: #filePath).appending(path: "../../../packaging/systemd/posture-scorer.service")
        let path = unit.standardized.path
        let security = try runProgram("systemd-analyze", ["security", "--offline=yes", "--threshold=15", path])
        #expect(security.status == 0, "\(security.output)\(security.errors)")
        let text = String(decoding: try contents(of: path), as: UTF8.self)
        #expect(text.contains("\nRestartPreventExitStatus=65 69 78\n"))
        #expect(text.contains("\nTimeoutStartSec=90s\n"), "a start that hangs is ended")
    }
}
