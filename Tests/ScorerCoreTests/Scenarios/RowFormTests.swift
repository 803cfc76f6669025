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

@Suite("One device_id in several forms in one request")
struct RowFormTests {
    @Test("the lower score is answered for all of them", arguments: ["WARP-1", " warp-1", "warp-1\t", "\u{a0}warp-1"])
    func forms(_ form: String) async throws {
        let world = try await IdentityWorld()
        var machine = try Machine(1, proof: world.certificate())
        try await world.enrol(&machine)
        let other = machine.row(form).with(serial: "PF0OTHER")
        #expect(try await world.scores(machine.row(), other) == [0, 0])
        #expect(try await world.scores(other, machine.row()) == [0, 0])
    }
}
