import CurlBridge
import Foundation
import PostureModel
import ScorerTestSupport
import TestSupport
import Testing

/// SQLite plans a statement by what it knows of the tables, and a database of a scorer has no statistics.
///
/// So a statement that is quick on a small fleet may walk through a large one; what it will do is written in its plan.
@Suite("What is done for each request")
struct QueryPlanTests {
    /// Tables that do not grow with the fleet: a few rows each.
    static let small = ["nonce_key", "trusted_ca", "setting", "outage", "sqlite_master"]

    /// Why a line of a plan is too much; nil if it is not.
    static func flaw(of text: String) -> String? {
        // A table that need not have a row is looked up by the same keys.
        let line = text.replacing(" LEFT-JOIN", with: "")
        if line.hasPrefix("SCAN") {
            let table = line.split(separator: " ").dropFirst().first.map(String.init) ?? ""
            // A list that the statement was given, or what an inner query, which has lines of its own, found for it.
            let isList =
                line.contains("VIRTUAL TABLE") || table == "CONSTANT" || table.hasPrefix("(subquery-")
            return isList || small.contains(table) ? nil : "walks through a table"
        }
        guard line.hasPrefix("SEARCH") else { return nil }
        if line.contains("VIRTUAL TABLE") { return nil }
        guard let open = line.lastIndex(of: "("), line.hasSuffix(")") else { return "has no key" }
        let terms = line[line.index(after: open)...].dropLast().components(separatedBy: " AND ")
        let keys = terms.filter { $0.hasSuffix("=?") }.map { $0.dropLast(2) }
        return keys.isEmpty || keys == ["kind"] ? "is by nothing that is one device's" : nil
    }

    @Test("is found by keys, in a database without statistics")
    func plans() async throws {
        let flaws = Statements()
        try await ScorerHarness.run { scorer in
            let corp = try TestCorp.shared()
            let token = try await scorer.token(uses: 9)
            scorer.statements.clear()
            // Registrations by token and by certificate, refused ones, and again.
            let (device, other, third) = (try TestDevice(), try TestDevice(), try TestDevice())
            #expect(try await scorer.register(device, token: token).status == 201)
            #expect(try await scorer.register(other, token: token, proofs: [corp.proof(by: corp.leaf)]).status == 201)
            #expect(try await scorer.register(device, token: token).status == 201)
            #expect(try await scorer.register(third, token: "pet_none").isProblem(.enrolmentRefused))
            // Reports: first ones, others, identifier conflicts, stronger claims, a clone, a replay.
            for (index, device) in [device, other, device, other, device].enumerated() {
                let report = device.report(
                    serial: index < 3 ? "PF0FAKE1" : "PF0FAKE\(index)",
                    warpIDs: (0...index).map { "w\($0)" },
                    hostname: "laptop-\(index)",
                    bootID: "00000000-0000-4000-8000-00000000000\(index % 2)"
                )
                let proofs = index % 2 == 0 ? [] : [try corp.proof(by: corp.leaf)]
                #expect(try await scorer.report(device, report, proofs: proofs).status == 200)
            }
            #expect(try await scorer.report(third).isProblem(.unknownDevice))
            #expect(try await scorer.ownRecord(device).status == 200)
            // Cloudflare, health, and what the scorer does by itself.
            let rows = #"{"device_id":"w1","serial_number":"PF0FAKE1"},{"device_id":"nobody"}"#
            #expect(try await scorer.ask(#"{"devices":[\#(rows)]}"#).status == 200)
            for path in ["/healthz", "/v1/nonce"] {
                #expect(try await scorer.get(scorer.agents + path).status == 204)
            }
            let statements = scorer.statements.all
            #expect(statements.count > 20, "the trace sees what is run")
            for table in ["device", "claim", "inventory", "block", "waiver", "enrolment_token"] {
                #expect(statements.contains { $0.contains(table) }, "nothing was done with \(table)")
            }
            let path = scorer.directory.file("scorer.sqlite")
            let statistics = "SELECT name FROM sqlite_schema WHERE name LIKE 'sqlite_stat%'"
            #expect(try runTool("sqlite3", [path, statistics]).text == "")
            for statement in statements {
                let plan = try runTool("sqlite3", [path, "EXPLAIN QUERY PLAN \(statement)"]).text
                for line in plan.split(separator: "\n") {
                    let line = String(line.drop { " |`-".contains($0) })
                    if let flaw = Self.flaw(of: line) { flaws.add("\(line): \(flaw):\n\(statement)\n") }
                }
            }
        }
        #expect(flaws.texts == [])
    }

    @Test("would be seen to walk through a table, or to look by a kind alone")
    func flaws() {
        #expect(Self.flaw(of: "SCAN device") != nil)
        #expect(Self.flaw(of: "SCAN claim USING COVERING INDEX claim_by_rank") != nil)
        #expect(Self.flaw(of: "SEARCH claim USING INDEX claim_by_rank (kind=?)") != nil)
        #expect(Self.flaw(of: "SEARCH device USING COVERING INDEX device_of_receipt (received_at>?)") != nil)
        #expect(Self.flaw(of: "SEARCH claim USING INDEX claim_of_device (device=? AND kind=?)") == nil)
        #expect(Self.flaw(of: "SEARCH claim USING PRIMARY KEY (kind=? AND value=?)") == nil)
        #expect(Self.flaw(of: "SCAN a VIRTUAL TABLE INDEX 1:") == nil)
        #expect(Self.flaw(of: "SCAN nonce_key") == nil)
        #expect(Self.flaw(of: "SEARCH r USING INDEX sqlite_autoindex_report_1 (device=?) LEFT-JOIN") == nil)
    }
}
