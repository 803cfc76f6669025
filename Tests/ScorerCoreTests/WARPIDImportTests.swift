import PostureModel
import ScorerModel
import ScorerTestSupport
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerCore

@Suite("The import of WARP ids from Cloudflare's device list")
struct WARPIDImportTests {
    let operators: OperatorHarness

    init() throws { operators = try OperatorHarness() }

    func take(_ csv: String, isDryRun: Bool = false) async throws -> WARPIDImport {
        try await operators.commands.importWARPIDs(
            WARPIDFile(csv: Array(csv.utf8)),
            isDryRun: isDryRun,
            trustsReported: true
        )
    }

    @Test(
        "takes the columns by their names, in any order, also as Cloudflare has them",
        arguments: [
            "serial,warp_id\nPF0FAKE1,w-1\n", "id,name,serial_number\nw-1,laptop-1,PF0FAKE1\n",
            "\u{feff}\"Serial number\",\"Device ID\"\r\n\"PF0FAKE1\",\"W-1\"\r\n",
            "DeviceID,RegistrationID,DeviceSerialNumber\nw-1,r-1,pf0fake1\n",
            "id,device_id,serial\nx-9,w-1,PF0FAKE1\n", "id,warp_id,device_id,serial\nx,w-1,y,PF0FAKE1\n",
        ]
    )
    func columns(csv: String) async throws {
        let device = try await operators.report(1, serial: "PF0FAKE1")
        #expect(try await take(csv).assigned == 1)
        let claims = try await operators.claims(.warp, "w-1")
        #expect(claims.map(\.device.rawValue) == [device] && claims.map(\.strength) == [.assigned])
    }

    @Test(
        "of a file that is none is refused, and says why",
        arguments: [
            ("", "line 1: there is no line"), ("serial,name\nPF0FAKE1,x\n", "no column is 'warp_id'"),
            ("warp_id\nw-1\n", "no column is 'serial'"), ("serial,warp_id\n", "no machine"),
            ("serial,id,id\na,b,c\n", "two columns are 'id'"),
            ("serial;warp_id\nPF0FAKE1;w-1\n", "separated by commas"),
            ("serial,warp_id\nPF0FAKE1\n", "line 2: there are 1 fields"),
        ]
    )
    func wrong(csv: String, words: String) {
        let error = #expect(throws: OperatorError.self) { try WARPIDFile(csv: Array(csv.utf8)) }
        #expect(error?.kind == .malformed && error?.description.contains(words) == true, "\(error as Any)")
    }

    @Test("lists every line that it does not assign, with the devices, and assigns nothing of it")
    func skipped() async throws {
        let first = try await operators.report(1, serial: "PF0FAKE1")
        let second = try await operators.report(2, serial: "PF0FAKE2")
        let rival = try await operators.report(3, serial: "PF0FAKE2")
        let third = try await operators.report(4, serial: "PF0FAKE4")
        let twice = try await operators.report(5, serial: "PF0FAKE5")
        _ = try await operators.commands.assign(third, .warpID, "w-4", force: false)
        let outcome = try await take(
            """
            serial,warp_id
            PF0FAKE1,w-1
            PF0FAKE2,w-2
            PF0FAKE3,w-3
            None,w-5
            PF0FAKE4,
            PF0FAKE5,w-4
            PF0FAKE6,w-6
            PF0FAKE7,w-6
            PF0FAKE8,w-8
            PF0FAKE8,w-9
            """
        )
        #expect(outcome.assigned == 1 && outcome.unchanged == 0)
        #expect(
            outcome.skipped.map { "\($0.place) \($0.reason.rawValue)" } == [
                "line 3 several_holders", "line 4 no_holder", "line 5 unreadable", "line 6 unreadable",
                "line 7 held_by_another", "line 8 repeated_id", "line 9 repeated_id", "line 10 repeated_serial_number",
                "line 11 repeated_serial_number",
            ]
        )
        #expect(Set(outcome.skipped[0].devices.map(\.rawValue)) == [second, rival])
        #expect(outcome.skipped[4].devices.map(\.rawValue) == [third])
        for device in [second, rival, twice] {
            #expect(try await operators.record(device).claims.allSatisfy { $0.claim.identifier.kind == .serial })
        }
        #expect(try await operators.claims(.warp, "w-1").map(\.device.rawValue) == [first])
        #expect(try await take("serial,warp_id\nPF0FAKE1,w-1\n").unchanged == 1)
    }

    @Test("gives an id to the strongest claim to the serial number, also before an older one")
    func strongest() async throws {
        try await operators.report(1, serial: "PF0FAKE1")
        let proof = OperatorHarness.proof("k", bound: ["serial_number": "PF0FAKE1"])
        let carrying = try await operators.report(
            2,
            serial: "PF0FAKE1",
            checks: [proof],
            at: operators.now.adding(seconds: 60)
        )
        #expect(try await take("serial,warp_id\nPF0FAKE1,w-1\n").assigned == 1)
        #expect(try await operators.claims(.warp, "w-1").map(\.device.rawValue) == [carrying])
    }

    @Test("changes nothing and audits nothing where it is tried")
    func dryRun() async throws {
        try await operators.report(1, serial: "PF0FAKE1")
        let outcome = try await take("serial,warp_id\nPF0FAKE1,w-1\nPF0FAKE2,w-2\n", isDryRun: true)
        #expect(outcome.isDryRun && outcome.assigned == 1 && outcome.skipped.count == 1)
        #expect(try await operators.claims(.warp, "w-1") == [])
        #expect(try await operators.store.audit(limit: 9, before: nil).isEmpty)
    }

    @Test("is made in pages, of which each is audited")
    func pages() async throws {
        for number in 1...201 { try await operators.report(number, serial: "PF0FAKE\(number)X") }
        let lines = (1...201).map { "PF0FAKE\($0)X,w-\($0)" }.joined(separator: "\n")
        #expect(try await take("serial,warp_id\n\(lines)\n").assigned == 201)
        #expect(try await operators.claims(.warp, "w-201").count == 1)
        #expect(
            try await operators.store.audit(limit: 9, before: nil).map(\.action) == [
                "warp_ids.import", "warp_ids.import",
            ]
        )
    }
}
