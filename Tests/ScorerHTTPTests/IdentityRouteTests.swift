import CurlBridge
import PostureModel
import ScorerTestSupport
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerModel

@Suite("Conflicts, clone alarms, unmatched devices and pending changes on the operators' listener:")
struct IdentityRouteTests {
    @Test("what two devices claim is listed, and held by the device that an operator names")
    func conflicts() async throws {
        try await ScorerHarness.run { (scorer: ScorerHarness) async throws in
            let (first, second) = (try await scorer.newDevice(), try await scorer.newDevice())
            for (device, host) in [(first, "first"), (second, "second")] {
                #expect(try await scorer.report(device, device.report(hostname: host)).status == 200)
            }
            struct Conflicts: Decodable {
                struct Conflict: Decodable {
                    struct Claimant: Decodable {
                        var device: DeviceID
                        var claim: String
                    }
                    var claimants: [Claimant]
                }
                var conflicts: [Conflict]
            }
            func claimants() async throws -> [DeviceID] {
                let answer = try await scorer.operate(.get, "/v1/conflicts").decoded(as: Conflicts.self)
                return answer.conflicts.flatMap { $0.claimants.map(\.device) }
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
            #expect(try await scorer.operate(.delete, "/v1/devices/\(device.id)/clone-alarm").isProblem(.notFound))
            let (a, b) = TestDevice.boots
            for boot in [a, b, a, b] {
                #expect(try await scorer.report(device, device.report(warpIDs: ["w"], bootID: boot)).status == 200)
            }
            #expect(try await scorer.operate(.get, "/v1/clones").text.contains(device.id.rawValue))
            #expect(try await scorer.operate(.delete, "/v1/devices/\(device.id)/clone-alarm").status == 200)
            #expect(try await scorer.operate(.get, "/v1/clones").text == #"{"devices":[]}"#)
            #expect(try await scorer.score(of: "w") == 30)
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
