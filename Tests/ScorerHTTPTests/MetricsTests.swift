import CurlBridge
import Foundation
import PostureModel
import ScorerTestSupport
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerCore
@testable import ScorerHTTP
@testable import ScorerModel

@Suite("What a Prometheus server reads")
struct MetricsTests {
    /// The samples by their names and labels.
    func samples(_ response: HTTPResponse) throws -> [String: Int] {
        let lines = response.text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        let pairs = try lines.map { line in
            let end = try #require(line.lastIndex(of: " "))
            return (String(line[..<end].trimmingPrefix("posture_scorer_")), try #require(Int(line[end...].dropFirst())))
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    @Test("is for operators alone, on their listener alone")
    func forbidden() async throws {
        try await ScorerHarness.run { (scorer: ScorerHarness) async throws in
            #expect(try await scorer.get("\(scorer.operators)/metrics").isProblem(.forbidden))
            for token in [scorer.operatorToken, scorer.metricsToken] {
                let headers = [(name: "Authorization", value: "Bearer \(token)")]
                #expect(try await scorer.get("\(scorer.agents)/metrics", headers: headers).status == 404)
                #expect(try await scorer.get("\(scorer.operators)/metrics", headers: headers).status == 200)
            }
            let headers = [(name: "Authorization", value: "Bearer \(scorer.metricsToken)a")]
            #expect(try await scorer.get("\(scorer.operators)/metrics", headers: headers).isProblem(.forbidden))
        }
    }

    @Test("counts what came in, by what became of it")
    func counts() async throws {
        try await ScorerHarness.run { (scorer: ScorerHarness) async throws in
            let first = try await samples(scorer.operate(.get, "/metrics"))
            #expect(first["reports_total{outcome=\"ok\"}"] == 0, "it is there before the first report")
            #expect(first["devices{reported=\"never\"}"] == 0 && first["last_report_timestamp_seconds"] == nil)

            let device = try await scorer.newDevice()
            _ = try await scorer.newDevice()
            #expect(try await scorer.register(try TestDevice(), token: "pet_wrong").status == 403)
            let nonce = try await scorer.nonce()
            #expect(try await scorer.report(device, device.report(warpIDs: ["warp-1"]), nonce: nonce).status == 200)
            #expect(try await scorer.report(device, nonce: nonce).isProblem(.badNonce))
            #expect(try await scorer.report(try TestDevice()).isProblem(.unknownDevice))
            #expect(try await scorer.post(.report, Array("{".utf8)).status == 400)
            #expect(
                try await scorer.ask(#"{"devices":[\#(ScorerHarness.row("warp-1")),{"device_id":"warp-2"}]}"#).status
                    == 200
            )
            #expect(try await scorer.ask("{}", token: "none").isProblem(.forbidden))
            #expect(try await scorer.ask("{").isProblem(.malformed))

            // The devices were counted less than ten seconds ago.
            #expect(try await samples(scorer.operate(.get, "/metrics"))["devices{reported=\"never\"}"] == 0)
            scorer.clock.advance(seconds: FleetCounter<FleetCounts>.lifetime.upperBound)
            let response = try await scorer.operate(.get, "/metrics")
            #expect(response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            let now = try samples(response)
            for (name, count) in [
                ("build_info{version=\"\(Version.text)\"}", 1), ("database_up", 1),
                ("devices{reported=\"within_hour\"}", 1), ("devices{reported=\"never\"}", 1),
                ("devices{reported=\"within_day\"}", 0), ("devices{reported=\"earlier\"}", 0),
                ("last_report_timestamp_seconds", Int(TestClock.start.seconds)),
                ("registrations_total{outcome=\"ok\"}", 2),
                ("registrations_total{outcome=\"enrolment-refused\"}", 1), ("reports_total{outcome=\"ok\"}", 1),
                ("reports_total{outcome=\"bad-nonce\"}", 1), ("reports_total{outcome=\"unknown-device\"}", 1),
                ("reports_total{outcome=\"malformed\"}", 1), ("reports_total{outcome=\"unavailable\"}", 0),
                ("cloudflare_requests_total{outcome=\"ok\"}", 1),
                ("cloudflare_requests_total{outcome=\"forbidden\"}", 1),
                ("cloudflare_requests_total{outcome=\"malformed\"}", 1),
                ("cloudflare_devices_total{match=\"warp_id\"}", 1), ("cloudflare_devices_total{match=\"none\"}", 1),
                ("cloudflare_devices_total{match=\"serial_number\"}", 0),
                ("identifier_conflicts_total{outcome=\"refused\"}", 0),
                ("identifier_conflicts_total{outcome=\"taken\"}", 0),
                ("identity_notices_total{kind=\"device_key_copied\"}", 0), ("pending_changes", 0),
                ("uncleared_notices{kind=\"lending\"}", 0), ("identifier_conflicts{kind=\"serial\"}", 0),
                ("devices_by_warp_ids{warp_ids=\"read\"}", 1), ("devices_by_warp_ids{warp_ids=\"cannot_tell\"}", 0),
                ("linked_rows{link=\"warp\",strength=\"reported\"}", 1),
                ("linked_rows{link=\"serial\",strength=\"assigned\"}", 0), ("overdue_crls", 0),
                ("devices{reported=\"retired\"}", 0),
            ] { #expect(now[name] == count, "\(name)") }
        }
    }

    @Test("says that the database does not answer, and what it still knows")
    func silence() async throws {
        try await ScorerHarness.run { (scorer: ScorerHarness) async throws in
            #expect(try await samples(scorer.operate(.get, "/metrics"))["database_up"] == 1)
            try runSQLite([scorer.directory.file("scorer.sqlite"), "ALTER TABLE nonce_key RENAME TO gone"])
            let response = try await scorer.operate(.get, "/metrics")
            #expect(response.status == 200)
            let now = try samples(response)
            #expect(now["database_up"] == 0 && now["devices{reported=\"never\"}"] == nil)
            #expect(now["reports_total{outcome=\"ok\"}"] == 0)
        }
    }

    @Test("is counted once for all who ask meanwhile, and anew for who asks after a count that failed")
    func together() async throws {
        let (counts, counting) = AsyncStream<Void>.makeStream()
        let (gate, opening) = AsyncStream<Void>.makeStream()
        let count = FleetCounter<FleetCounts> { _ in
            counting.yield()
            for await _ in gate { break }
            throw Problem(.unavailable, "it failed")
        }
        await withTaskGroup { group in
            let asked = Collected<Bool>()
            /// Asks without leaving the actor in between.
            @Sendable func ask(_ count: isolated FleetCounter<FleetCounts>) async {
                asked.add(true)
                _ = try? await count.counts(at: TestClock.start)
            }
            for _ in 0..<5 { group.addTask { await ask(count) } }
            var begun = counts.makeAsyncIterator()
            await begun.next()
            try? await eventually { asked.all.count == 5 }
            opening.finish()
            await group.waitForAll()
        }
        await #expect(throws: Problem.self) { try await count.counts(at: TestClock.start) }
        counting.finish()
        #expect(await counts.reduce(0) { total, _ in total + 1 } == 1, "the second try; the first was taken above")
    }

    @Test("is in a form that promtool does not complain of")
    func form() async throws {
        // scripts/setup puts it there.
        let promtool = URL(filePath: #filePath).appending(path: "../../../.build-tools/promtool").standardized.path
        var fleet = FleetCounts()
        (fleet.withinHour, fleet.newest) = (3, TestClock.start)
        let directory = try TemporaryDirectory("metrics")
        let store = try SQLiteStore(path: directory.file("scorer.sqlite"))
        let identities = try await IdentityCounts(of: store, at: TestClock.start)
        let whole = Metrics.text(.init(), fleet: fleet, identities: identities, overdueCRLs: 1)
        for text in [whole, Metrics.text(.init(), fleet: nil)] {
            let path = try directory.write(Array(text.utf8), to: "metrics")
            let ending = try runProgram("sh", ["-c", "'\(promtool)' check metrics <'\(path)'"])
            #expect(ending.status == 0 && ending.errors.isEmpty, "\(ending.errors)")
        }
    }
}
