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

@Suite("WARP ids that take turns in the reports of one device")
struct TurnsOfIDsTests {
    @Test("give one row a score, or two where the use has just passed on, not each of them in turn")
    func turns() async throws {
        let world = try await IdentityWorld()
        var machine = try Machine(1, proof: world.certificate())
        let ids = ["mine", "friend-a", "friend-b", "friend-c"]
        machine.warp = .read(["mine"])
        try await world.enrol(&machine)
        var last: [String: Int] = [:]
        // Four polls of Cloudflare's, each of them in four requests a few minutes apart.
        for _ in 0..<4 {
            for id in ids {
                machine.warp = .read([id])
                try await world.report(&machine)
                last[id] = try await world.score(machine.row(id))
                world.pass(IdentityWorld.polling / 4 - 10)
            }
        }
        #expect((1...2).contains(last.values.filter { $0 > 0 }.count), "\(last)")
        #expect(try await world.notices(of: machine).contains(.lending))
    }

    @Test("but a client that is reset twice in an hour, each time with a new id, is no lending")
    func resets() async throws {
        let world = try await IdentityWorld()
        var machine = try Machine(1, proof: world.certificate())
        try await world.enrol(&machine)
        for id in ["warp-1", "second", "third"] {
            machine.warp = .read([id])
            try await world.report(&machine)
            #expect(try await world.score(machine.row(id)) == 100)
            world.pass(600)
        }
        #expect(try await world.notices(of: machine).isEmpty)
    }
}
