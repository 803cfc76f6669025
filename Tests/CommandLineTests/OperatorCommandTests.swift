import Foundation
import PostureModel
import ScorerTestSupport
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerCore
@testable import ScorerModel

@Suite("What operators change on the command line", .timeLimit(.minutes(5)))
struct OperatorCommandTests {
    let directory: TemporaryDirectory
    let store: SQLiteStore
    let device: DeviceID

    init() async throws {
        directory = try TemporaryDirectory("scorer")
        try FileManager.default.createDirectory(
            atPath: directory.file("state"),
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        try directory.write("state_directory = \"\(directory.file("state"))\"\n".utf8, to: "scorer.toml")
        store = try SQLiteStore(path: directory.file("state/scorer.sqlite"))
        device = try await Self.reported(store, "PF0FAKE1", at: .now())
    }

    /// A device that registered and reported at a moment.
    static func reported(_ store: SQLiteStore, _ serial: String, at time: Timestamp) async throws -> DeviceID {
        let device = try TestDevice()
        try await store.add(device, device.report(serial: serial), at: time)
        return device.id
    }

    func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Program.Ending {
        // What follows '--' is no option.
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        let options = ["--config", directory.file("scorer.toml")]
        return try runProgram(
            ScorerProgram.path,
            Array(arguments[..<end]) + options + Array(arguments[end...]),
            environment: environment
        )
    }

    /// What a command prints that does what it is told.
    func done(_ arguments: String...) throws -> String {
        let ending = try run(arguments)
        #expect(ending.status == 0 && ending.errors.isEmpty, "\(arguments): \(ending.errors)")
        return ending.output
    }

    @Test("lists devices, and those alone that are silent")
    func list() async throws {
        let old = try await Self.reported(store, "PF0FAKE2", at: Timestamp.now().adding(seconds: -90_000))
        let lines = try done("devices", "list").split(separator: "\n")
        #expect(lines.count == 2)
        let line = try #require(lines.first { $0.hasPrefix(device.rawValue) })
        #expect(line.hasPrefix("\(device)  laptop-1  serial: PF0FAKE1  last report: ") && line.hasSuffix(" ago"))
        for arguments in [["--stale"], ["--silent-for", "1d"], ["--stale", "--silent-for", "1440m"]] {
            let stale = try run(["devices", "list"] + arguments)
            #expect(stale.output.hasPrefix(old.rawValue) && !stale.output.contains(device.rawValue), "\(arguments)")
        }
        #expect(try done("devices", "list", "--silent-for", "2d").isEmpty)
        let json = try done("devices", "list", "--json").split(separator: "\n").first.map { Array($0.utf8) }
        #expect(try Wire.decode(DeviceSummary.self, from: #require(json)).hostname == "laptop-1")
        #expect(try run(["devices", "list", "--silent-for", "a day"]).status == 64)
    }

    @Test("shows a device by whatever it is called, and lists all that are meant where they are several")
    func show() async throws {
        for name in [device.rawValue, String(device.rawValue.prefix(8)), "pf0fake1", "laptop-1"] {
            let text = try done("devices", "show", "--", name)
            #expect(text.hasPrefix("device: \(device)\nhost name: laptop-1\nserial number: PF0FAKE1\n"), "\(name)")
            #expect(text.contains("\nblocked: no\n"))
        }
        let json = try done("devices", "show", "laptop-1", "--json")
        #expect(try Wire.decode(SeenDevice.self, from: Array(json.utf8)).facts?.kernelHostname == .observed("laptop-1"))
        let other = try await Self.reported(store, "PF0FAKE2", at: .now())
        for command in [["show"], ["delete"], ["block", "--reason", "r"], ["unblock"]] {
            let ending = try run(["devices"] + command + ["laptop-1"])
            #expect(ending.status == 1 && ending.output.isEmpty)
            for id in [device, other] { #expect(ending.errors.contains(id.rawValue), "\(ending.errors)") }
        }
        let none = try run(["devices", "show", "laptop-2"])
        #expect(none.status == 1 && none.errors.contains("posture-scorer devices list"), "\(none.errors)")
    }

    @Test("blocks a lost laptop, deletes it, and unblocks it")
    func block() async throws {
        #expect(try run(["devices", "block", "laptop-1"]).status == 64, "a block has a reason")
        _ = try done("devices", "assign", "laptop-1", "serial", "PF0FAKE1")
        let text = try done("devices", "block", "laptop-1", "--reason", "left in a train")
        #expect(
            text
                == "blocked: \(device)\n  the device, whatever it reports\n  the device key \(device)\n  the serial number pf0fake1\n"
        )
        #expect(try done("devices", "show", "laptop-1").contains("\n  the serial number pf0fake1: left in a train ("))
        #expect(try done("devices", "list").hasSuffix("  blocked\n"))
        #expect(try done("devices", "delete", "laptop-1") == "deleted: \(device)  laptop-1  PF0FAKE1\n")
        #expect(try done("devices", "list").isEmpty)
        #expect(try done("devices", "show", "pf0fake1").contains("registered: no longer: it was deleted\n"))
        #expect(try done("devices", "unblock", "pf0fake1").hasPrefix("unblocked: \(device)"))
        #expect(try await store.blocks(of: device).isEmpty)
        #expect(try run(["devices", "unblock", "pf0fake1"]).status == 1)
    }

    @Test("adds, lists and removes a waiver")
    func waive() throws {
        let text = try done(
            "waivers",
            "add",
            "laptop-1",
            "disk_encrypted",
            "--until",
            "7d",
            "--reason",
            "a disk is coming"
        )
        #expect(text.hasPrefix("waived: disk_encrypted for \(device) until 20"))
        #expect(try done("devices", "show", "laptop-1").contains("\nwaived: disk_encrypted until "))
        #expect(try done("waivers", "list", "laptop-1").hasPrefix("waived: disk_encrypted until "))
        let end = try done("waivers", "remove", "laptop-1", "disk_encrypted")
        #expect(try done("waivers", "list", "laptop-1").isEmpty)
        #expect(end == "removed: disk_encrypted counts again for \(device)\n")
        #expect(try run(["waivers", "remove", "laptop-1", "disk_encrypted"]).status == 1)
        for wrong in [["--until", "7d"], ["--reason", "r"], [], ["--reason", "r", "--revoke"]] {
            let ending = try run(["waivers", "add", "laptop-1", "disk_encrypted"] + wrong)
            #expect(ending.status == 64, "\(wrong)")
        }
        let past = try run([
            "waivers", "add", "laptop-1", "disk_encrypted", "--until", "2026-01-01T00:00:00Z", "--reason", "r",
        ])
        #expect(past.status == 1 && past.errors.contains("is not within a year from now"))
    }

    @Test("imports an inventory, all of it or nothing")
    func inventory() throws {
        let file = try directory.write("serial,tag,room\nPF0FAKE1,sales,1\nPF0FAKE2,,2\n".utf8, to: "fleet.csv")
        #expect(try done("inventory", "import", file) == "imported: 2\nignored columns: room\n")
        #expect(
            try done("inventory", "list")
                == "pf0fake1  certificate: any  WARP id: any  tag: sales\npf0fake2  certificate: any  WARP id: any  tag: none\n"
        )
        let bad = try directory.write("serial\nPF0FAKE3\nTo be filled by O.E.M.\n".utf8, to: "bad.csv")
        let ending = try run(["inventory", "import", bad, "--replace"])
        #expect(ending.status == 1 && ending.errors.contains("line 3, column 1 (serial)"), "\(ending.errors)")
        let one = try directory.write("serial\nPF0FAKE3\n".utf8, to: "one.csv")
        #expect(try done("inventory", "import", one, "--replace") == "imported: 1\n")
        #expect(try done("inventory", "list") == "pf0fake3  certificate: any  WARP id: any  tag: none\n")
    }

    @Test("revokes a token, which the list has with who made it")
    func tokens() throws {
        _ = try done("tokens", "create")
        let line = try done("tokens", "list")
        #expect(line.contains("  by: ") && line.hasSuffix(" by command line\n"), "\(line)")
        let hash = String(line.prefix(43))
        #expect(try done("tokens", "revoke", "--", String(hash.prefix(8))) == "revoked: \(hash)\n")
        #expect(try done("tokens", "list").isEmpty)
        _ = try done("tokens", "create", "--replaces", "laptop-1")
        #expect(try done("tokens", "list").hasSuffix("  replaces: \(device)\n"))
        #expect(try run(["tokens", "create", "--replaces", "laptop-1", "--uses", "2"]).status == 1)
        #expect(try run(["tokens", "create", "--replaces", "nobody"]).status == 1)
    }

    @Test("is in the audit with who did it: the user of the login, or whom sudo names, or the process's own")
    func audit() throws {
        _ = try done("devices", "block", "laptop-1", "--reason", "lost")
        _ = try run(["devices", "unblock", "laptop-1"], environment: ["SUDO_UID": "65534", "SUDO_USER": "root"])
        let lines = try done("audit", "list").split(separator: "\n").map { $0.components(separatedBy: "  ") }
        #expect(lines.map { $0[2] } == ["device.unblock", "device.block"])
        #expect(lines.allSatisfy { $0[3] == device.rawValue })
        #expect(lines[1].last == "lost (device, device key)")
        let login = String(decoding: try contents(of: "/proc/self/loginuid"), as: UTF8.self)
        if uid_t(login) == .max, getuid() == 0 {
            #expect(lines.map { $0[1] } == ["nobody (uid 65534) by command line", "root (uid 0) by command line"])
        }
        #expect(try done("audit", "list", "--limit", "1").split(separator: "\n").count == 1)
        #expect(try done("audit", "list", "--json").contains(#""action":"device.block""#))
    }
}
