import Foundation
import Glibc
import PostureModel
import TestSupport
import Testing

@Suite("postured doctor", .timeLimit(.minutes(5)))
struct DoctorCommandTests {
    let machine: TestMachine

    init() throws {
        machine = try TestMachine()
        try machine.fixture.database.importWithKey(machine.fixture.leaf(), nickname: "laptop")
    }

    /// Every name, in the order of the document.
    private static let names = [
        "configuration", "state-directory", "device-key", "enrolment-token", "service-token", "warp-ids",
        "database-corp",
        "check-corp", "clock",
        "proxy",
        "dns", "connection", "tls", "access", "scorer", "scorer-clock", "daemon", "collector", "reports",
    ]

    @Test("finds everything right where it is, and ends with status 0")
    func healthy() throws {
        let scorer = try FakeScorer([.score(90)])
        try machine.configure(scorer: scorer.server.url)
        let notify = try NotifySocket()
        let daemon = try machine.run(notify: notify)
        defer { daemon.signal(SIGTERM) }
        try #require(notify.next(where: { $0.hasPrefix("STATUS=score 90") }) != nil)
        let ending = try machine.doctor()
        #expect(ending.status == 0, "\(ending.output)\(ending.errors)")
        #expect(ending.errors.isEmpty)
        let findings = try doctorFindings(ending)
        #expect(findings.map(\.name) == Self.names)
        #expect(
            findings.filter { $0.outcome != "ok" }.map(\.name) == [
                "enrolment-token", "service-token", "tls", "scorer-clock",
            ]
        )
        #expect(findings.first { $0.name == "reports" }?.seen.contains("score of 90") == true)
        let text = try machine.postured("doctor", "--socket", machine.socket)
        #expect(text.output.contains("ok       dns               127.0.0.1 is 127.0.0.1\n"))
    }

    @Test("says what each thing depends on that it could not look at")
    func nobodyListens() throws {
        try machine.configure(scorer: "http://127.0.0.1:\(try closedPort())")
        let ending = try machine.doctor()
        #expect(ending.status == 1)
        let findings = try doctorFindings(ending)
        #expect(findings.map(\.name) == Self.names)
        #expect(findings.filter { $0.outcome == "failed" }.map(\.name) == ["connection", "daemon"])
        for name in ["tls", "access", "scorer", "scorer-clock"] {
            #expect(findings.first { $0.name == name }?.seen == "it depends on connection, which failed")
        }
        #expect(findings.allSatisfy { $0.outcome != "failed" || $0.advice != nil })
    }

    @Test("tells a misspelt configuration, and looks at what is left")
    func misspelt() throws {
        try machine.write("intervall = 5")
        let findings = try doctorFindings(machine.doctor())
        #expect(findings.first?.outcome == "failed")
        #expect(findings.first?.seen.contains("unknown key 'intervall'") == true)
        #expect(findings.first { $0.name == "clock" }?.outcome == "ok")
    }

    @Test("tells a device key that others may read")
    func openKey() throws {
        try machine.configure(scorer: "http://127.0.0.1:\(try closedPort())")
        _ = try machine.postured("report")
        let key = machine.fixture.directory.file("state/device-key.pem")
        #expect(try doctorFindings(machine.doctor()).first { $0.name == "device-key" }?.outcome == "ok")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key)
        let finding = try doctorFindings(machine.doctor()).first { $0.name == "device-key" }
        #expect(finding?.outcome == "failed")
        #expect(finding?.advice?.hasPrefix("chmod 600 ") == true)
    }

    @Test("tells a certificate that is not there, as the check does")
    func noCertificate() throws {
        let empty = try TestMachine()
        let ending = try empty.postured("doctor", "--json", "--socket", empty.socket)
        #expect(try doctorFindings(ending).first { $0.name == "check-corp" }?.outcome == "failed")
    }

    @Test("tells a service token that is none, before anybody asks for one")
    func noServiceToken() throws {
        let file = try machine.fixture.directory.write("CF-Access-Client-Id: s3cret\n".utf8, to: "service")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        try machine.configure(scorer: "https://scorer.invalid\"\nservice_token_file = \"\(file)")
        let ending = try machine.doctor()
        let finding = try doctorFindings(ending).first { $0.name == "service-token" }
        #expect(finding?.outcome == "failed")
        #expect(finding?.seen.contains("has to be two lines") == true)
        #expect(!ending.output.contains("s3cret"))
        let token = "CF-Access-Client-Id: a\nCF-Access-Client-Secret: b\n"
        try FileManager.default.removeItem(atPath: file)
        try machine.fixture.directory.write(token.utf8, to: "service")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        #expect(try doctorFindings(machine.doctor()).first { $0.name == "service-token" }?.outcome == "ok")
    }

    @Test("tells a secret that the daemon's user cannot read", .enabled(if: isRoot))
    func secretOfAnother() throws {
        let file = try machine.fixture.directory.write("token\n".utf8, to: "token")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        try machine.configure(scorer: "http://127.0.0.1:\(try closedPort())\"\nenrolment_token_file = \"\(file)")
        try machine.fixture.directory.write([], to: "status.sock")
        try FileManager.default.setAttributes([.ownerAccountID: 65534], ofItemAtPath: machine.socket)
        let finding = try doctorFindings(machine.doctor()).first { $0.name == "enrolment-token" }
        #expect(finding?.outcome == "failed")
        #expect(finding?.seen.hasSuffix("belongs to root, and the daemon, user 65534, cannot read it") == true)
        try FileManager.default.setAttributes([.ownerAccountID: 65534], ofItemAtPath: file)
        #expect(try doctorFindings(machine.doctor()).first { $0.name == "enrolment-token" }?.outcome == "ok")
    }

    @Test(
        "asks to be root for what this user may not read, and not for what fails for another reason",
        .enabled(if: isRoot)
    )
    func closedFiles() throws {
        let directory = machine.fixture.directory
        let token = try directory.write("x".utf8, to: "service-token")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: token)
        let good = machine.fixture.database.path
        let anchor = try directory.write(machine.fixture.root.pem.utf8, to: "ca.pem")
        try machine.write(
            """
            state_directory = "\(directory.file("state"))"
            [scorer]
            url = "https://127.0.0.1:\(try closedPort())"
            service_token_file = "\(token)"
            [[check]]
            id = "closed"
            database = "\(good)"
            trusted = ["\(anchor)"]
            [[check]]
            id = "absent"
            database = "\(directory.file("none"))"
            trusted = ["\(anchor)"]
            """
        )
        for path in [directory.path, machine.config, anchor, good] {
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }
        for name in ["cert9.db", "key4.db"] {
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: "\(good)/\(name)")
        }
        let arguments = ["--reuid=65534", "--regid=65534", "--clear-groups", TestMachine.postured, "doctor", "--json"]
        let ending = try runProgram("setpriv", arguments + ["--config", machine.config, "--socket", machine.socket])
        let findings = try doctorFindings(ending)
        #expect(findings.first { $0.name == "configuration" }?.outcome == "ok", "\(ending.output)")
        for name in ["check-closed", "service-token"] {
            let finding = findings.first { $0.name == name }
            #expect(finding?.outcome == "skipped", "\(ending.output)")
            #expect(finding?.advice == "ask as root: sudo postured doctor")
        }
        #expect(findings.first { $0.name == "check-absent" }?.outcome == "failed", "\(ending.output)")
    }

    @Test("follows a link to the state directory, and never says to move away what may have the device's key")
    func linkedState() throws {
        try machine.configure(scorer: nil)
        let state = machine.fixture.directory.file("state")
        let moved = machine.fixture.directory.file("moved")
        try FileManager.default.createDirectory(atPath: moved, withIntermediateDirectories: true)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: moved)
        try FileManager.default.createSymbolicLink(atPath: state, withDestinationPath: moved)
        let linked = try doctorFindings(machine.doctor()).first { $0.name == "state-directory" }
        #expect(linked?.outcome == "warning")
        #expect(linked?.advice?.contains("journalctl -b -u postured") == true)
        try FileManager.default.removeItem(atPath: state)
        try machine.fixture.directory.write([], to: "state")
        let finding = try doctorFindings(machine.doctor()).first { $0.name == "state-directory" }
        #expect(finding?.outcome == "failed")
        #expect(finding?.advice?.contains("away") == false)
    }

    @Test("says of nothing that it failed where only the configuration knows the way", .enabled(if: isRoot))
    func unknownWay() throws {
        let server = try LoopbackServer { _, connection in connection.answer(403, [:]) }
        try machine.configure(scorer: server.url)
        let notify = try NotifySocket()
        let daemon = try machine.run(notify: notify)
        defer { daemon.signal(SIGTERM) }
        try #require(notify.next(where: { $0.hasPrefix("STATUS=") }) != nil)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: machine.fixture.directory.path)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: machine.config)
        let arguments = ["--reuid=65534", "--regid=65534", "--clear-groups", TestMachine.postured, "doctor", "--json"]
        let ending = try runProgram(
            "setpriv",
            arguments + ["--config", machine.config, "--socket", machine.socket],
            environment: ["http_proxy": "http://127.0.0.1:\(try closedPort())"]
        )
        let findings = try doctorFindings(ending)
        let access = findings.first { $0.name == "access" }
        #expect(access?.outcome == "skipped", "\(ending.output)")
        #expect(access?.seen.contains("something before the scorer answers 403") == true)
        #expect(access?.advice == "ask as root: sudo postured doctor")
        #expect(findings.first { $0.name == "connection" }?.outcome == "ok")
    }

    @Test("cannot look at all where this user may see neither the configuration nor the daemon", .enabled(if: isRoot))
    func blind() throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: machine.fixture.directory.path)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: machine.config)
        let arguments = ["--reuid=65534", "--regid=65534", "--clear-groups", TestMachine.postured, "doctor", "--json"]
        let ending = try runProgram("setpriv", arguments + ["--config", machine.config, "--socket", machine.socket])
        #expect(ending.status == 2, "\(ending.output)\(ending.errors)")
        #expect(try doctorFindings(ending).first?.advice == "ask as root: sudo postured doctor")
    }
}
