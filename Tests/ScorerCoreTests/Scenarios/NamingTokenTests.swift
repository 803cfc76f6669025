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

@Suite("An enrolment token that names a device")
struct NamingTokenTests {
    @Test("replaces it also if the new device has registered by its certificate meanwhile")
    func known() async throws {
        let world = try await IdentityWorld()
        var old = try Machine(1, proof: world.certificate())
        try await world.enrol(&old)
        var new = old
        (new.device, new.receipt) = (try TestDevice(), nil)
        // The agent of the machine that was installed again is quicker than the person with the token.
        try await world.registerByCertificate(new)
        #expect(try await world.report(&new) <= 50)
        try await world.register(new, replaces: old.device.id)
        #expect(try await world.report(&new) == 100)
        #expect(try await world.store.record(of: old.device.id)?.retiredAt != nil)
    }
}
