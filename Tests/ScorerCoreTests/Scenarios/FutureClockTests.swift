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

@Suite("The scorer's clock was ahead")
struct FutureClockTests {
    @Test("a row that was asked about then does not keep the use for as long as that")
    func askedInTheFuture() async throws {
        let world = try await IdentityWorld()
        var machine = try Machine(1, proof: world.certificate())
        machine.warp = .read(["old", "new"])
        try await world.enrol(&machine)
        world.pass(30 * 86_400)
        try await world.report(&machine)
        #expect(try await world.score(machine.row("old")) == 100)
        world.pass(-30 * 86_400)
        for _ in 0..<5 {
            world.pass(7200)
            // The first message waits for a few seconds: its bucket is of the future too.
            _ = try? await world.report(&machine)
            _ = try await world.score(machine.row("new"))
        }
        #expect(try await world.score(machine.row("new")) == 100)
    }

    @Test("a device that was silenced then, and reported last in the future, holds no key until that time comes")
    func holderOfTheFuture() async throws {
        let world = try await IdentityWorld()
        var old = try Machine(1, proof: world.certificate())
        try await world.register(old)
        world.pass(30 * 86_400)
        try await world.report(&old)
        world.pass(-30 * 86_400)
        var new = [old]
        (new[0].device, new[0].receipt) = (try TestDevice(), nil)
        try await world.enrol(&new[0])
        try await CertificateKeyScenarioTests.aDay(in: world, &new)
        #expect(try await world.report(&new[0]) >= 60)
    }
}
