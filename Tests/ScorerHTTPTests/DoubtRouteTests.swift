import CurlBridge
import PostureModel
import ScorerTestSupport
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerModel

@Suite("What the scorer is not sure of, on the operators' listener:")
struct DoubtRouteTests {
    @Test("what two devices claim is listed, and bound to whom an operator names")
    func contested() async throws {
        try await ScorerHarness.run { (scorer: ScorerHarness) async throws in
            let (first, second) = (try await scorer.newDevice(), try await scorer.newDevice())
            for (device, host) in [(first, "first"), (second, "second")] {
                #expect(try await scorer.report(device, device.report(hostname: host)).status == 200)
            }
            struct Contests: Decodable {
                struct Contest: Decodable {
                    struct Claimant: Decodable {
                        var device: DeviceID
                        var claim: String
                    }
                    var claimants: [Claimant]
                }
                var contested: [Contest]
            }
            func claimants() async throws -> [DeviceID] {
                let answer = try await scorer.operate(.get, "/v1/contested").decoded(as: Contests.self)
                return answer.contested.flatMap { $0.claimants.map(\.device) }
            }
            #expect(try await claimants() == [first.id, second.id])
            #expect(try await scorer.operate(.post, "/v1/devices/second/resolve").status == 200)
            #expect(try await claimants() == [second.id, first.id])
            #expect(try await scorer.operate(.post, "/v1/devices/third/resolve").isProblem(.notFound))
            #expect(try await scorer.operate(.post, "/v1/devices/second/resolve", "[").isProblem(.malformed))
            let audit = try await scorer.operate(.get, "/v1/audit").text
            #expect(audit.contains("device.resolve") && audit.contains(second.id.rawValue))
        }
    }

    @Test("two machines with one key are listed until they are unflagged")
    func clones() async throws {
        try await ScorerHarness.run { (scorer: ScorerHarness) async throws in
            let device = try await scorer.newDevice()
            #expect(try await scorer.operate(.post, "/v1/devices/\(device.id)/unflag").isProblem(.notFound))
            let (a, b) = TestDevice.boots
            for boot in [a, b, a, b] {
                #expect(try await scorer.report(device, device.report(warpIDs: ["w"], bootID: boot)).status == 200)
            }
            #expect(try await scorer.operate(.get, "/v1/clones").text.contains(device.id.rawValue))
            #expect(try await scorer.operate(.post, "/v1/devices/\(device.id)/unflag").status == 200)
            #expect(try await scorer.operate(.get, "/v1/clones").text == #"{"devices":[]}"#)
            #expect(try await scorer.score(of: "w") == 30)
        }
    }

    @Test("nothing is held, and nothing can be confirmed, where nothing is")
    func held() async throws {
        try await ScorerHarness.run { (scorer: ScorerHarness) async throws in
            #expect(try await scorer.operate(.get, "/v1/held").text == #"{"held":[]}"#)
            #expect(try await scorer.operate(.post, "/v1/held/confirm").isProblem(.notFound))
            #expect(try await scorer.operate(.get, "/v1/strangers").text == #"{"strangers":[]}"#)
        }
    }
}
