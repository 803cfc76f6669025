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

@Suite("The import of Cloudflare's device list")
struct ImportedIDTests {
    @Test("assigns nothing to a device that only says that the serial number is its own")
    func reportedSerial() async throws {
        var policy = Policy.standard
        policy.matching.warpMatch = .carried
        let world = try await IdentityWorld(policy: policy)
        // A colleague's machine says the serial number of his laptop at home, or of a laptop that is not enrolled yet.
        var rival = try Machine(7)
        rival.serial = "PF0FAKE1"
        rival.warp = .cannotTell
        try await world.enrol(&rival)
        let file = try WARPIDFile(csv: Array("serial,warp_id\nPF0FAKE1,warp-1\n".utf8))
        let outcome = try await world.operators.importWARPIDs(file, isDryRun: false)
        #expect(outcome.assigned == 0 && outcome.skipped.map(\.reason) == [.onlyReported])
        var victim = try Machine(1, proof: world.certificate())
        try await world.enrol(&victim)
        #expect(
            try await world.store.record(of: rival.device.id)?.claims.contains { $0.claim.strength == .assigned }
                == false
        )
    }
}
