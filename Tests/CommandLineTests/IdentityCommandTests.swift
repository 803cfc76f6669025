import Foundation
import PostureModel
import ScorerTestSupport
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerCore
@testable import ScorerModel
@testable import ScorerStore

@Suite("What operators decide of identities on the command line", .timeLimit(.minutes(5)))
struct IdentityCommandTests {
    let operators: OperatorCommandTests
    var device: DeviceID { operators.device }
    var store: SQLiteStore { operators.store }

    init() async throws { operators = try await OperatorCommandTests() }

    func done(_ arguments: String...) throws -> String {
        let ending = try operators.run(arguments)
        #expect(ending.status == 0 && ending.errors.isEmpty, "\(arguments): \(ending.errors)")
        return ending.output
    }

    /// What a command prints that refuses, with its status.
    func refused(_ arguments: String...) throws -> (status: Int32, errors: String) {
        let ending = try operators.run(arguments)
        #expect(ending.output.isEmpty, "\(arguments): \(ending.output)")
        return (ending.status, ending.errors)
    }

    @Test("assigns an identifier to a device, and takes it back")
    func assign() async throws {
        #expect(try done("devices", "assign", "laptop-1", "warp-id", "W-1") == "assigned: warp-id w-1 to \(device)\n")
        let shown = try done("devices", "show", "laptop-1")
        #expect(shown.contains("\n  WARP id w-1: assigned by an operator, since "))
        #expect(try done("devices", "explain", "laptop-1").contains("  WARP id w-1: assigned by an operator, since "))
        #expect(
            try done("devices", "unassign", "laptop-1", "warp-id", "w-1") == "unassigned: warp-id w-1 of \(device)\n"
        )
        let again = try refused("devices", "unassign", "laptop-1", "warp-id", "w-1")
        #expect(again.status == 1 && again.errors.contains("posture-scorer devices show"))
        let placeholder = try refused("devices", "assign", "laptop-1", "serial", "To be filled by O.E.M.")
        #expect(placeholder.status == 1 && placeholder.errors.contains("identifies no machine"))
        #expect(try refused("devices", "assign", "laptop-1", "hostname", "x").status == 64)
        #expect(try refused("devices", "assign", "laptop-1", "serial").status == 64)
    }

    @Test("tags a device, and takes tags away")
    func tag() throws {
        let tagged = try done("devices", "tag", "laptop-1", "web", "servers")
        #expect(tagged == "tagged: \(device)\n  servers  by an operator\n  web  by an operator\n")
        #expect(try done("devices", "show", "laptop-1").contains("\ntags:\n  servers  by an operator\n"))
        #expect(try done("devices", "untag", "laptop-1", "web") == "untagged: \(device)\n  servers  by an operator\n")
        #expect(try refused("devices", "untag", "laptop-1", "web").status == 1)
        #expect(try refused("devices", "tag", "laptop-1", String(repeating: "a", count: 65)).status == 1)
        #expect(try refused("devices", "tag", "laptop-1").status == 64)
    }

    @Test("replaces a device by the one of the same machine that was installed again")
    func replace() async throws {
        let new = try await OperatorCommandTests.reported(store, "PF0FAKE2", at: .now())
        #expect(try refused("devices", "replace", "PF0FAKE2", "PF0FAKE2").status == 1)
        #expect(try done("devices", "replace", "PF0FAKE1", "PF0FAKE2") == "replaced: \(device) by \(new)\n")
        #expect(try done("devices", "list").contains("\(device)  laptop-1  serial: PF0FAKE1"))
        #expect(try done("devices", "list").split(separator: "\n").filter { $0.hasSuffix("  retired") }.count == 1)
        #expect(try done("devices", "show", "PF0FAKE1").contains("\nretired: at 20"))
        #expect(try refused("devices", "replace", "PF0FAKE1", "PF0FAKE2").status == 1)
    }

    @Test("lists conflicts with both devices and what to do, and resolves them")
    func conflicts() async throws {
        #expect(try done("conflicts", "list").isEmpty)
        let other = try await OperatorCommandTests.reported(store, "PF0FAKE1", at: .now())
        let lines = try done("conflicts", "list").split(separator: "\n")
        #expect(lines.count == 4 && lines[0] == "serial number pf0fake1" && lines[3].hasPrefix("  -> "))
        #expect(lines[1].hasPrefix("  \(device)  laptop-1  reported, since "))
        #expect(try done("conflicts", "list", "--json").hasPrefix("{\"kind\":\"serial_number\",\"parties\":["))
        #expect(
            try done("conflicts", "resolve", "--", other.rawValue)
                == "resolved: \(other)\n  assigned: serial pf0fake1\n"
        )
        let taken = try refused("conflicts", "resolve", "--", device.rawValue)
        #expect(taken.status == 1 && taken.errors.contains("--force"))
        _ = try done("devices", "delete", "--", other.rawValue)
        #expect(try refused("conflicts", "resolve", "laptop-1").status == 1)
    }

    @Test("lists alarms and clears them")
    func alarms() async throws {
        #expect(try done("clones", "list").isEmpty)
        let notices = [
            IdentityNotice(.deviceKeyCopied, of: device, since: .now()),
            IdentityNotice(.lending, of: device, other: "w-2", since: .now()),
        ]
        #expect(try await store.commit(notices.map(Change.notice)) == .committed)
        let alarms = try done("clones", "list")
        #expect(
            alarms.hasPrefix("\(device)  laptop-1  serial: PF0FAKE1  clone alarm: two machines use the device's key")
        )
        #expect(alarms.split(separator: "\n").count == 1)
        #expect(try done("clones", "list", "--json").contains("\"kind\":\"device_key_copied\""))
        #expect(try done("conflicts", "list").contains("  -> one row gets a device's score, that in use"))
        let cleared = try done("clones", "clear", "laptop-1")
        #expect(cleared.hasPrefix("cleared: \(device)\n") && cleared.contains("lending alarm"))
        #expect(try done("conflicts", "list").isEmpty)
        let again = try refused("clones", "clear", "laptop-1")
        #expect(again.status == 1 && again.errors.contains("posture-scorer clones list"))
    }

    @Test("imports WARP ids by serial number, and says by its status whether some are left")
    func warpIDs() throws {
        let bad = try operators.directory.write("serial,warp_id\nPF0FAKE1,w-1\nPF0FAKE9,w-9\n".utf8, to: "bad.csv")
        let untrusted = try operators.run(["warp-ids", "import", bad])
        #expect(untrusted.status == 1 && untrusted.output.contains("or use --trust-reported"))
        for arguments in [["--dry-run"], []] {
            let ending = try operators.run(["warp-ids", "import", bad, "--trust-reported"] + arguments)
            let verb = arguments.isEmpty ? "assigned" : "would be assigned"
            #expect(ending.status == 1 && ending.output.hasPrefix("line 3: PF0FAKE9  w-9  no device has this serial"))
            #expect(ending.output.hasSuffix("\n\(verb): 1\nassigned before: 0\nnot assigned: 1\n"), "\(ending.output)")
        }
        let good = try operators.directory.write("serial_number,id\nPF0FAKE1,w-1\n".utf8, to: "good.csv")
        let again = try done("warp-ids", "import", good, "--trust-reported")
        #expect(again == "assigned: 0\nassigned before: 1\nnot assigned: 0\n")
        #expect(try done("warp-ids", "import", good, "--trust-reported", "--json").contains("\"unchanged\" : 1"))
        let none = try operators.directory.write("serial\nPF0FAKE1\n".utf8, to: "none.csv")
        let refused = try refused("warp-ids", "import", none)
        #expect(refused.status == 1 && refused.errors.contains("no column is 'warp_id'"))
        #expect(try self.refused("warp-ids", "import", "/nonexistent").status == 1)
    }

    @Test("shows the status in aligned lines, and what to do where ids cannot be told")
    func status() throws {
        let text = try done("status")
        let lines = text.split(separator: "\n").map(String.init)
        let counted = lines.filter { $0.hasPrefix("  ") }
        #expect(counted.first?.hasPrefix("  reported in the last hour  ") == true)
        #expect(counted.contains("  cannot tell                1"), "\(text)")
        for heading in ["rows of Cloudflare's: none", "conflicts: none", "notices: none", "pending changes: none"] {
            #expect(lines.contains(heading), "\(heading)")
        }
        let advice = lines.last ?? ""
        #expect(advice.hasPrefix("-> 1 device cannot tell its WARP ids"))
        #expect(advice.contains("'postured doctor'") && advice.contains("posture-scorer warp-ids import FILE"))
        struct Status: Decodable { var devices, warp_ids: [String: Int] }
        let json = try operators.run(["status", "--json"]).output
        #expect(try Wire.decode(Status.self, from: Array(json.utf8)).warp_ids["cannot_tell"] == 1)
    }

    @Test("shows what is known of a device's identity")
    func show() async throws {
        let use = RowUse(
            device: device,
            row: "w-1",
            kind: .warp,
            strength: .carried,
            agreeing: [.serial, .mac],
            askedAt: .now()
        )
        #expect(try await store.commit([.use(device, use, insteadOf: nil)]) == .committed)
        let text = try done("devices", "show", "laptop-1")
        for line in [
            "retired: no", "keys replaced: 0", "WARP ids: cannot tell: a test", "tags: none", "notices: none",
            "row in use: w-1, linked by WARP id (carried by a proven certificate); agreeing: MAC address, serial number; last asked",
            "identifiers:", "  serial number pf0fake1: reported, since",
        ] { #expect(text.contains("\n\(line)"), "\(line)") }
        let json = try done("devices", "show", "laptop-1", "--json")
        for member in ["row_in_use", "identifiers", "reported_warp_ids", "replaced_keys"] {
            #expect(json.contains("\"\(member)\""), "\(member)")
        }
    }
}
