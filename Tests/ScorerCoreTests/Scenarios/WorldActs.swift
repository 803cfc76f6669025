import OpenSSLBridge
import PostureModel
import ScorerModel
import ScorerStore
import ScorerTestSupport
import Testing
import Verification

@testable import DeviceIdentity
@testable import SQLiteStore
@testable import ScorerCore
@testable import Scoring

/// What machines and operators do.
extension IdentityWorld {
    /// Lets a machine retire.
    func retire(_ machine: Machine) async throws {
        let payload = try Wire.encode(
            Retirement(
                device: machine.device.id,
                audience: TestDevice.audience,
                receipt: machine.receipt
            )
        )
        let nonce = try await scorer.intake.nonce(at: clock.tick())
        let message = try machine.device.message(.retirement, payload: payload, nonce: nonce)
        _ = try await scorer.keys.retire(message, at: clock.tick())
    }

    /// Replaces the device key of a machine.
    func replaceKey(of machine: Machine, by new: PrivateKey) async throws {
        let nonce = try await scorer.intake.nonce(at: clock.tick())
        let message = try machine.device.keyReplacement(by: new, nonce: nonce, receipt: machine.receipt)
        _ = try await scorer.keys.replace(message, at: clock.tick())
    }

    /// Blocks a machine's device, as an operator does.
    func block(_ machine: Machine) async throws {
        let context = try await scorer.changes.context(at: clock.now)
        let record = try #require(try await store.record(of: machine.device.id))
        let input = try #require(try ScoringInput(record, age: 0))
        let keys = record.keysToBlock(
            keyOnly: false,
            verdicts: context.policy.verdicts(of: input, trust: context.trust, at: clock.now),
            heldKeys: context.policy.heldKeys(of: input, at: clock.now)
        )
        let now = clock.now
        _ = try await store.commit(
            keys.map { key in
                .block(
                    Block(
                        kind: key.kind,
                        value: key.value,
                        device: machine.device.id,
                        reason: "stolen",
                        createdBy: "a test",
                        createdAt: now
                    )
                )
            }
        )
    }

    /// Assigns a WARP id to a machine, as an operator does.
    func assign(_ id: String, to machine: Machine) async throws {
        let identifier = try #require(Identifier(.warp, id))
        try await store.decide(from: .init(devices: [machine.device.id], identifiers: [identifier])) { snapshot in
            let record = try #require(snapshot.records[machine.device.id])
            guard
                case .assigned(_, let claims) = record.assigning(
                    [identifier],
                    over: snapshot,
                    force: false,
                    at: clock.now
                )
            else { return (nil, ()) }
            return (Commit([.device(record)] + claims.map(Change.claims)), ())
        }
    }

    /// Clears the notices of a machine's device, as an operator does.
    func clearNotices(of machine: Machine) async throws {
        var record = try #require(try await store.record(of: machine.device.id))
        record.continuity?.beginAnew()
        _ = try await store.commit([.device(record), .clearNotices(machine.device.id)])
    }
}
