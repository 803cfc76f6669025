import Foundation
import PostureModel
import ScorerStore
import ScorerTestSupport
import TestSupport
import Testing

@testable import SQLiteStore

@Suite("What the command line says of policies and scores", .timeLimit(.minutes(5)))
struct PolicyCommandTests {
    let directory: TemporaryDirectory
    let store: SQLiteStore
    var devices: [DeviceID] = []

    init() async throws {
        directory = try TemporaryDirectory("scorer")
        try FileManager.default.createDirectory(
            atPath: directory.file("state"),
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        try directory.write("state_directory = \"\(directory.file("state"))\"\n".utf8, to: "scorer.toml")
        store = try SQLiteStore(path: directory.file("state/scorer.sqlite"))
        for number in 0..<6 {
            let device = try TestDevice()
            try await store.add(
                device,
                device.report(serial: "PF0FAKE\(number)", hostname: "laptop-\(number)"),
                at: .now()
            )
            devices.append(device.id)
        }
    }

    func run(_ arguments: String...) throws -> Program.Ending {
        let options = arguments.starts(with: ["policy", "check"]) ? [] : ["--config", directory.file("scorer.toml")]
        return try runProgram(ScorerProgram.path, arguments + options)
    }

    func file(_ text: String) throws -> String { try directory.write(text.utf8, to: "policy.toml") }

    @Test("a good file can be used, and a bad one is refused with its name, the line or the key")
    func check() throws {
        let good = try run("policy", "check", file("pass_mark = 70\n"))
        #expect(good.status == 0 && good.output.hasPrefix("\(directory.file("policy.toml")): valid\n"))
        for (text, part) in [
            ("pass_mark = \n", "line 1"), ("passmark = 70\n", "'passmark'"),
            ("[rules]\nserial_known = 90\n", "sum to 90"),
        ] {
            let bad = try run("policy", "check", file(text))
            #expect(
                bad.status == 1 && bad.errors.contains("policy.toml: ") && bad.errors.contains(part),
                "\(bad.errors)"
            )
        }
    }

    @Test("a policy is tried on the stored devices, changes nothing, and ends with 1 where it would wait for approval")
    func trial() async throws {
        // By the standard policy none of them passes: there is nothing to fail.
        let harmless = try run("policy", "simulate", file("[rules]\nreport_fresh = 100\n"))
        #expect(harmless.status == 0)
        #expect(
            harmless.output.contains(
                "6 devices examined: 6 would have another score; of 0 that pass (60), 0 would fail"
            )
        )
        _ = try await store.commit([Setting.policy.change(to: "[rules]\nreport_fresh = 100\n")])
        let harmful = try run("policy", "simulate", file("[rules]\ncertificate_proven = 100\n"))
        #expect(harmful.status == 1)
        for device in devices { #expect(harmful.output.contains("\(device)  100 -> 0: certificate_proven\n")) }
        #expect(harmful.output.contains("of 6 that pass (60), 6 would fail: the change would wait for approval"))
        #expect(try await store.value(of: .policy) == "[rules]\nreport_fresh = 100\n")
        #expect(try run("changes", "list").output.isEmpty)
        let confirm = try run("changes", "approve")
        #expect(confirm.status == 1 && confirm.errors.contains("no change waits for approval"))
    }

    @Test("a score is explained by the policy in force, at any time, and a device that nobody knows is named")
    func explain() async throws {
        _ = try await store.commit([Setting.policy.change(to: "[rules]\nreport_fresh = 100\n")])
        let now = try run("devices", "explain", "laptop-3")
        #expect(now.output.hasPrefix("\(devices[3]) (laptop-3, PF0FAKE3): 100 of 100\n"))
        #expect(now.output.contains("  serial number pf0fake3: reported, since "))
        let late = try run("devices", "explain", "--at", "2d", "PF0FAKE3")
        #expect(late.output.contains(": 0 of 100 at 2"))
        let nobody = try run("devices", "explain", "laptop-9")
        #expect(
            nobody.status == 1 && nobody.errors.contains("no device has the id, serial number or host name 'laptop-9'")
        )
    }
}
