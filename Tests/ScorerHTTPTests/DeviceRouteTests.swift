import CurlBridge
import PostureModel
import ScorerModel
import ScorerStore
import ScorerTestSupport
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerCore

@Suite("A device on the operators' listener")
struct DeviceRouteTests {
    func seen(_ scorer: ScorerHarness, _ name: String) async throws -> SeenDevice {
        try await scorer.operate(.get, "/v1/devices/\(name)").decoded()
    }

    @Test("is shown with its facts, by whatever it is called")
    func shown() async throws {
        try await ScorerHarness.run { scorer in
            let device = try await scorer.newDevice()
            let report = device.report(serial: "PF0 FAKE")
            #expect(try await scorer.report(device, report).status == 200)
            for name in ["\(device.id)", "\(device.id.rawValue.prefix(9))", "pf0%20fake", "PF0%20FAKE", "laptop-1"] {
                let seen = try await seen(scorer, name)
                #expect(seen.device == device.id, "\(name)")
                #expect(seen.serial == "PF0 FAKE" && seen.hostname == "laptop-1" && seen.agent == "postured/test")
                #expect(seen.facts == report.facts && !seen.blocked && seen.blocks.isEmpty && seen.waivers.isEmpty)
            }
            for name in ["PF0", "pf0%20fak", "%FF", "%", "laptop-1%0A2", String(repeating: "a", count: 300)] {
                let response = try await scorer.operate(.get, "/v1/devices/\(name)")
                #expect((400..<500).contains(response.status), "\(name)")
            }
        }
    }

    @Test("that is one of several is none, and they are listed")
    func ambiguous() async throws {
        try await ScorerHarness.run { scorer in
            let devices = [try await scorer.newDevice(), try await scorer.newDevice()]
            for device in devices { #expect(try await scorer.report(device).status == 200) }
            let before = try scorer.everything()
            for (method, path) in [
                (.get, ""), (.delete, ""), (.put, "/block"), (.delete, "/block"), (.put, "/waivers/swap_protected"),
                (.delete, "/waivers/swap_protected"),
            ] as [(Verb, String)] {
                let body = #"{"reason": "r", "until": "7d"}"#
                let response = try await scorer.operate(method, "/v1/devices/PF0FAKE1\(path)", body)
                #expect(response.isProblem(.conflict), "\(path)")
                for device in devices { #expect(response.text.contains(device.id.rawValue)) }
            }
            #expect(try scorer.everything() == before)
        }
    }

    @Test("is blocked by its keys and the identifiers that somebody vouches for, and unblocked")
    func blocked() async throws {
        let corp = try TestCorp.shared()
        let proof = try corp.proof(by: corp.leaf)
        try await ScorerHarness.run { scorer in
            let device = try await scorer.reported(proof).device
            let twin = try await scorer.newDevice()
            #expect(try await scorer.report(twin).status == 200)
            let serial = "/v1/devices/\(device.id)/identifiers/serial/PF0FAKE1"
            #expect(try await scorer.operate(.put, serial).status == 200)

            let path = "/v1/devices/\(device.id)/block"
            let answer = try await scorer.operate(.put, path, #"{"reason": " stolen in Lyon "}"#)
            #expect(answer.status == 200 && answer.text.contains(twin.id.rawValue), "it has the same serial number")
            let seen = try await seen(scorer, "\(device.id)")
            #expect(seen.blocked)
            #expect(seen.blocks.map(\.kind).sorted() == ["certificate_key", "device", "device_key", "serial"])
            #expect(seen.blocks.allSatisfy { $0.reason == "stolen in Lyon" && $0.created_by == "operator token" })
            let record = try await scorer.store.record(of: device.id)
            let key = try #require(record?.newest?.checks.first?.key)
            #expect(Set(seen.blocks.map(\.value)) == [device.id.rawValue, "pf0fake1", key])
            #expect(
                scorer.log.all.contains { $0.contains("\"action\": device.block") && $0.contains(device.id.rawValue) }
            )

            #expect(try await scorer.operate(.delete, path).status == 200)
            #expect(try await scorer.operate(.delete, path).isProblem(.notFound))
            #expect(try await scorer.store.blocks(of: device.id).isEmpty)
        }
    }

    @Test("that claims what is another's is blocked by its key alone")
    func keyOnly() async throws {
        try await ScorerHarness.run { scorer in
            let device = try await scorer.newDevice()
            #expect(try await scorer.report(device).status == 200)
            let body = #"{"reason": "an impostor", "key_only": true}"#
            #expect(try await scorer.operate(.put, "/v1/devices/\(device.id)/block", body).status == 200)
            #expect(try await scorer.store.blocks(of: device.id).map(\.kind) == [.device, .deviceKey])
        }
    }

    @Test("is deleted, and stays blocked")
    func deleted() async throws {
        try await ScorerHarness.run { scorer in
            let device = try await scorer.newDevice()
            #expect(try await scorer.report(device).status == 200)
            let path = "/v1/devices/\(device.id)"
            #expect(try await scorer.operate(.put, "\(path)/block", #"{"reason": "sold"}"#).status == 200)
            #expect(try await scorer.operate(.delete, path).status == 200)
            #expect(try await scorer.operate(.delete, path).isProblem(.notFound))
            #expect(try await scorer.report(device).isProblem(.unknownDevice))
            #expect(try await seen(scorer, "\(device.id)").blocks.count == 2)
            #expect(try await scorer.register(device, token: try await scorer.token()).status == 201)
            #expect(try await seen(scorer, "\(device.id)").blocked)
            #expect(try await scorer.operate(.delete, "\(path)/block").status == 200)
        }
    }

    @Test("has rules waived, for a while")
    func waived() async throws {
        try await ScorerHarness.run { scorer in
            let device = try await scorer.newDevice()
            let path = "/v1/devices/\(device.id)/waivers/disk_encrypted"
            let body = #"{"until": "7d", "reason": "a disk is on its way"}"#
            #expect(try await scorer.operate(.put, path, body).status == 200)
            let waiver = SeenWaiver(
                rule: "disk_encrypted",
                expires_at: Timestamp(seconds: TestClock.start.seconds + 7 * 86_400),
                reason: "a disk is on its way",
                created_by: "operator token"
            )
            #expect(try await seen(scorer, "\(device.id)").waivers == [waiver])
            #expect(try await scorer.operate(.delete, path).status == 200)
            #expect(try await seen(scorer, "\(device.id)").waivers.isEmpty)
            #expect(try await scorer.operate(.delete, path).isProblem(.notFound))
        }
    }

    @Test(
        "has no decision without a reason, nor a waiver without an end within a year",
        arguments: [
            ("block", #"{}"#), ("block", #"{"reason": " "}"#), ("block", #"{"reason": "a\nb"}"#), ("block", "["),
            ("waivers/swap_protected", #"{"reason": "r"}"#), ("waivers/swap_protected", #"{"until": "7d"}"#),
            ("waivers/swap_protected", #"{"until": "0d", "reason": "r"}"#),
            ("waivers/swap_protected", #"{"until": "53w", "reason": "r"}"#),
            ("waivers/swap_protected", #"{"until": "2026-01-01T00:00:00Z", "reason": "r"}"#),
            ("waivers/swap_protected", #"{"until": "9999-01-01T00:00:00Z", "reason": "r"}"#),
            ("waivers/swap_protected", #"{"until": "tomorrow", "reason": "r"}"#),
            ("waivers/a%20b", #"{"until": "7d", "reason": "r"}"#),
            ("waivers/swap_protected", #"{"until": 7, "reason": "r"}"#),
        ]
    )
    func malformed(path: String, body: String) async throws {
        try await ScorerHarness.run { scorer in
            let device = try await scorer.newDevice()
            let response = try await scorer.operate(.put, "/v1/devices/\(device.id)/\(path)", body)
            #expect(response.isProblem(.malformed))
            #expect(try await scorer.store.blocks(of: device.id).isEmpty)
            #expect(try await scorer.store.record(of: device.id)?.waivers == [])
        }
    }

    @Test("is listed by how long it has been silent")
    func silent() async throws {
        try await ScorerHarness.run { scorer in
            let device = try await scorer.newDevice()
            #expect(try await scorer.report(device).status == 200)
            scorer.clock.advance(seconds: 7200)
            for (time, count) in [("1h", 1), ("3h", 0)] {
                let page = try await scorer.operate(.get, "/v1/devices?silent_for=\(time)")
                #expect(try page.decoded(as: OperatorRouteTests.Page.self).devices.count == count, "\(time)")
            }
            #expect(try await scorer.operate(.get, "/v1/devices?silent_for=now").isProblem(.malformed))
        }
    }
}
