import OpenSSLBridge
import PostureModel
import ScorerModel
import ScorerStore
import ScorerTestSupport
import TestSupport
import Testing
import Verification

@testable import DeviceIdentity
@testable import SQLiteStore
@testable import ScorerCore
@testable import Scoring

@Suite("The age of a claim")
struct ClaimAgeTests {
    @Test("is not lost by an assignment that is taken back")
    func upAndDown() async throws {
        let world = try await IdentityWorld()
        var victim = try Machine(1, proof: world.certificate())
        try await world.enrol(&victim)
        world.pass(3600)
        var rival = try Machine(9, proof: world.certificate())
        (rival.warp, rival.serial) = (.read(["warp-1", "warp-9"]), "Default string")
        try await world.enrol(&rival)
        world.pass(3600)
        // An operator assigns the id, and takes that back.
        try await world.assign("warp-1", to: victim)
        _ = try await world.operators.unassign(victim.device.id.rawValue, .warpID, "warp-1")
        try await world.report(&victim)
        #expect(try await world.score(victim.row().with(mac: rival.mac)) == 100)
    }
}
