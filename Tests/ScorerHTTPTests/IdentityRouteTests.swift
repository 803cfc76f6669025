import CurlBridge
import PostureModel
import ScorerTestSupport
import TestSupport
import Testing

@testable import DeviceIdentity
@testable import SQLiteStore
@testable import ScorerCore
@testable import ScorerModel

@Suite("Identities, clone alarms, unmatched devices and pending changes on the operators' listener:")
struct IdentityRouteTests {
    struct Conflicts: Decodable {
        struct Conflict: Decodable {
            struct Party: Decodable {
                var device: DeviceID
                var claim: String?
                var row: String?
            }
            var kind: String
            var value: String?
            var parties: [Party]
        }
        var conflicts: [Conflict]
    }

    func conflicts(_ scorer: ScorerHarness) async throws -> [Conflicts.Conflict] {
        try await scorer.operate(.get, "/v1/conflicts").decoded(as: Conflicts.self).conflicts
    }

    @Test("what two devices claim is listed, and held by the device that an operator names")
    func conflicts() async throws {
        try await ScorerHarness.run { (scorer: ScorerHarness) async throws in
            let (first, second) = (try await scorer.newDevice(), try await scorer.newDevice())
            for (device, host) in [(first, "first"), (second, "second")] {
                #expect(try await scorer.report(device, device.report(hostname: host)).status == 200)
            }
            func claimants() async throws -> [DeviceID] {
                try await conflicts(scorer).flatMap { $0.parties.map(\.device) }
            }
            #expect(try await claimants() == [first.id, second.id])
            #expect(try await scorer.operate(.post, "/v1/devices/second/resolve-conflicts").status == 200)
            #expect(try await claimants() == [second.id, first.id])
            #expect(try await scorer.operate(.post, "/v1/devices/third/resolve-conflicts").isProblem(.notFound))
            #expect(try await scorer.operate(.post, "/v1/devices/second/resolve-conflicts", "[").isProblem(.malformed))
            let audit = try await scorer.operate(.get, "/v1/audit").text
            #expect(audit.contains("conflict.resolve") && audit.contains(second.id.rawValue))
        }
    }

    @Test("two machines with one key are listed until the alarm is cleared")
    func clones() async throws {
        try await ScorerHarness.run { (scorer: ScorerHarness) async throws in
            let device = try await scorer.newDevice()
            #expect(try await scorer.operate(.delete, "/v1/devices/\(device.id)/notices").isProblem(.notFound))
            // Each of two machines shows the receipt that it was given itself.
            for receipt in [nil, "1.x"] {
                #expect(try await scorer.report(device, device.report(receipt: receipt)).status == 200)
            }
            let clones = try await scorer.operate(.get, "/v1/clones").text
            #expect(clones.contains(device.id.rawValue) && clones.contains("device_key_copied"), "\(clones)")
            #expect(try await conflicts(scorer).map(\.kind) == ["device_key_copied"])
            #expect(try await scorer.operate(.get, "/v1/devices/\(device.id)").text.contains("device_key_copied"))
            #expect(try await scorer.operate(.delete, "/v1/devices/\(device.id)/notices").status == 200)
            #expect(try await scorer.operate(.get, "/v1/clones").text == #"{"alarms":[]}"#)
        }
    }

    @Test("an identifier is assigned and taken back, and a device tagged, replaced and shown with all of it")
    func decisions() async throws {
        struct Shown: Decodable {
            struct Held: Decodable {
                struct Identifier: Decodable { var kind, value: String }
                var identifier: Identifier
                var claim: String
                var holders: [DeviceID]
            }
            struct Tag: Decodable { var name, origin: String }
            var identifiers: [Held]
            var tags: [Tag]
        }
        try await ScorerHarness.run { (scorer: ScorerHarness) async throws in
            let (old, new) = (try await scorer.newDevice(), try await scorer.newDevice())
            let path = "/v1/devices/\(old.id)"
            for (verb, part, body, status) in [
                (.put, "identifiers/warp-id/W-1", "", 200),
                (.put, "identifiers/serial/PF0%20FAKE1", #"{"force": true}"#, 200),
                (.put, "identifiers/hostname/x", "", 400), (.put, "identifiers/serial/None", "", 400),
                (.put, "identifiers/warp-id/%zz", "", 400), (.put, "identifiers/warp-id/w-2", "[", 400),
                (.delete, "identifiers/serial/PF0%20FAKE1", "", 200),
                (.delete, "identifiers/serial/PF0%20FAKE1", "", 404),
                (.put, "tags/web%20servers", "", 200), (.put, "tags/old", "", 200), (.delete, "tags/old", "", 200),
                (.delete, "tags/old", "", 404), (.put, "tags/%07", "", 400),
            ] as [(Verb, String, String, Int)] {
                #expect(try await scorer.operate(verb, "\(path)/\(part)", body).status == status, "\(part)")
            }
            let shown = try await scorer.operate(.get, path).decoded(as: Shown.self)
            #expect(shown.identifiers.map(\.identifier.value) == ["w-1"])
            #expect(shown.identifiers.map(\.claim) == ["assigned"])
            #expect(shown.identifiers.first?.holders == [old.id])
            #expect(shown.tags.map(\.name) == ["web servers"] && shown.tags.map(\.origin) == ["operator"])

            let other = try await scorer.operate(.put, "/v1/devices/\(new.id)/identifiers/warp-id/w-1")
            #expect(other.isProblem(.conflict), "another device has it by an operator")
            for (body, kind) in [("{}", Problem.Kind.malformed), (#"{"device": "nobody"}"#, .notFound)] {
                #expect(try await scorer.operate(.put, "\(path)/replacement", body).isProblem(kind))
            }
            let replaced = try await scorer.operate(.put, "\(path)/replacement", #"{"device": "\#(new.id)"}"#)
            #expect(replaced.status == 200)
            let successor = try await scorer.operate(.get, "/v1/devices/\(new.id)").decoded(as: Shown.self)
            #expect(successor.identifiers.first?.holders == [new.id] && successor.tags.map(\.name) == ["web servers"])
            #expect(try await scorer.operate(.get, path).text.contains("retired_at"))
            #expect(try await scorer.operate(.put, "\(path)/tags/web").status == 200, "its record stays with its tags")
        }
    }

    @Test("WARP ids are imported by serial number, tried first, and what is left is listed")
    func warpIDs() async throws {
        struct Outcome: Decodable, Equatable {
            struct Skipped: Decodable, Equatable { var place, reason: String }
            var dry_run: Bool
            var assigned, unchanged, not_assigned: Int
            var skipped: [Skipped]
        }
        try await ScorerHarness.run { (scorer: ScorerHarness) async throws in
            let device = try await scorer.newDevice()
            #expect(try await scorer.report(device).status == 200)
            let csv = "serial_number,id\nPF0FAKE1,w-1\nPF0FAKE2,w-2\n"
            func take(_ query: String) async throws -> Outcome {
                try await scorer.operate(.patch, "/v1/warp-ids\(query)", csv, type: "text/csv").decoded(
                    as: Outcome.self
                )
            }
            let skipped = [Outcome.Skipped(place: "line 3", reason: "no_holder")]
            for isDryRun in [true, true, false] {
                #expect(
                    try await take("?trust_reported=true" + (isDryRun ? "&dry_run=true" : ""))
                        == Outcome(dry_run: isDryRun, assigned: 1, unchanged: 0, not_assigned: 1, skipped: skipped)
                )
            }
            #expect(try await take("").skipped.first == Outcome.Skipped(place: "line 2", reason: "only_reported"))
            #expect(try await take("?trust_reported=true").unchanged == 1)
            let json = #"{"items": [{"serial": "PF0FAKE1", "warp_id": "w-1"}]}"#
            #expect(
                try await scorer.operate(.patch, "/v1/warp-ids?trust_reported=true", json).decoded(as: Outcome.self)
                    .unchanged == 1
            )
            for body in ["", "{}", #"{"items": []}"#] {
                #expect(try await scorer.operate(.patch, "/v1/warp-ids", body).isProblem(.malformed), "\(body)")
            }
        }
    }

    @Test("the status counts all of it")
    func status() async throws {
        struct Status: Decodable {
            struct Rows: Decodable {
                struct Link: Decodable { var link, claim: String; var rows: Int }
                var links: [Link]
                var agreeing: [String: Int]
                var unmatched: Int
            }
            var devices, warp_ids, conflicts, notices: [String: Int]
            var rows: Rows
        }
        try await ScorerHarness.run { (scorer: ScorerHarness) async throws in
            let device = try await scorer.newDevice()
            #expect(try await scorer.report(device, device.report(warpIDs: ["w-1"])).status == 200)
            let own = try scorer.scorer()
            let rows = [PostureRow(deviceID: "w-1", serialNumber: "PF0FAKE1"), PostureRow(deviceID: "w-2")]
            _ = try await own.postureQuery.answer(rows, at: scorer.clock.now)
            try await own.recordHeartbeat()
            let status = try await scorer.operate(.get, "/v1/status").decoded(as: Status.self)
            #expect(
                status.devices["within_hour"] == 1 && status.warp_ids == ["read": 1, "cannot_tell": 0, "no_client": 0]
            )
            #expect(status.rows.links.filter { $0.rows > 0 }.map(\.claim) == ["reported"])
            #expect(status.rows.agreeing["serial_number"] == 1 && status.rows.unmatched == 1)
            #expect(status.conflicts == ["warp": 0, "serial": 0, "key": 0] && status.notices["lending"] == 0)
        }
    }

    @Test("there is no pending change to list or approve, and no unmatched device")
    func changes() async throws {
        try await ScorerHarness.run { (scorer: ScorerHarness) async throws in
            #expect(try await scorer.operate(.get, "/v1/changes").text == #"{"changes":[]}"#)
            #expect(try await scorer.operate(.post, "/v1/changes/approve").isProblem(.notFound))
            #expect(try await scorer.operate(.get, "/v1/unmatched").text == #"{"unmatched":[]}"#)
        }
    }

    @Test("a problem names the API call that helps, and no command")
    func remedies() async throws {
        try await ScorerHarness.run { (scorer: ScorerHarness) async throws in
            for host in ["first", "second"] {
                let device = try await scorer.newDevice()
                #expect(try await scorer.report(device, device.report(hostname: host)).status == 200)
            }
            #expect(try await scorer.operate(.post, "/v1/devices/first/resolve-conflicts").status == 200)
            for (verb, path, remedy) in [
                (.get, "/v1/devices/third", "GET /v1/devices"), (.get, "/v1/devices/PF0FAKE1", "by its id"),
                (.post, "/v1/devices/second/resolve-conflicts", "GET /v1/conflicts"),
                (.delete, "/v1/tokens/12345678", "GET /v1/tokens"),
                (.get, "/v1/certificates/2458ce5a-0c35-4c7f-82c7-8e9487d3ff60", "GET /v1/certificates"),
                (.post, "/v1/changes/approve", "no change"),
            ] as [(Verb, String, String)] {
                let detail = try Wire.decode(Problem.self, from: await scorer.operate(verb, path).body).detail ?? ""
                #expect(detail.contains(remedy) && !detail.contains("posture-scorer"), "\(path): \(detail)")
            }
        }
    }
}
