import OpenSSLBridge
import PostureModel
import ScorerModel
import ScorerStore
import ScorerTestSupport
import TestSupport
import Testing
import Verification

@testable import SQLiteStore
@testable import ScorerCore

/// A device that has replaced its key once, and the intake of a scorer that knows it.
@Suite("A message of a device that has replaced its key")
struct MessageIntakeTests {
    let clock = TestClock()
    let old: TestDevice
    let current: PrivateKey
    let intake: MessageIntake
    private let directory: TemporaryDirectory

    init() async throws {
        directory = try TemporaryDirectory("intake")
        let store = try SQLiteStore(path: directory.file("scorer.sqlite"))
        (old, current) = (try TestDevice(), try PrivateKey.generate(.p256))
        var record = DeviceRecord(
            device: old.id,
            key: current.publicKey.jwk,
            registeredAt: clock.now,
            registeredBy: .token(hash: "t")
        )
        record.replacedKeys = [old.key.publicKey.jwk]
        #expect(try await store.commit([.device(record)]) == .committed)
        let verifier = MessageVerifier(audience: TestDevice.audience)
        intake = MessageIntake(store: store, verifier: verifier, judge: verifier, workPool: MessageWorkPool())
    }

    private func nonce() async throws -> String { try await intake.nonce(at: clock.tick()) }

    private func message(_ type: MessageType, _ nonce: String, by key: PrivateKey) throws -> [UInt8] {
        let payload: [UInt8] =
            switch type {
            case .report: try Wire.encode(old.report())
            case .retirement: try Wire.encode(Retirement(device: old.id, audience: TestDevice.audience))
            default: []
            }
        return try old.message(type, payload: payload, nonce: nonce, signer: key)
    }

    /// A key replacement that `key` and the new key sign.
    private func replacement(_ nonce: String, to new: PrivateKey, by key: PrivateKey) throws -> [UInt8] {
        try old.keyReplacement(by: new, nonce: nonce, signer: key)
    }

    private func refused(_ kind: Problem.Kind, _ body: () async throws -> some Any) async {
        let problem = await #expect(throws: Problem.self) { _ = try await body() }
        #expect(problem?.isOf(kind) == true, "\(String(describing: problem))")
    }

    @Test("is let in by the key in force, under the id that the device has kept")
    func current() async throws {
        guard
            case .report(let report) = try await intake.report(message(.report, nonce(), by: current), at: clock.tick())
        else {
            Issue.record("not taken for a report by the key in force")
            return
        }
        #expect(report.device == old.id && report.key.jwk == current.publicKey.jwk)
        #expect(try await intake.ownRecord(message(.ownRecord, nonce(), by: current), at: clock.tick()) == old.id)
        #expect(
            try await intake.retirement(message(.retirement, nonce(), by: current), at: clock.tick()).device == old.id
        )
    }

    @Test("is told apart where a replaced key signed a report, and nothing else is let in by that key")
    func replaced() async throws {
        switch try await intake.report(message(.report, nonce(), by: old.key), at: clock.tick()) {
        case .report: Issue.record("taken for a report by the key in force")
        case .byReplacedKey(let device): #expect(device == old.id)
        }
        await refused(.replacedKey) {
            try await intake.ownRecord(message(.ownRecord, nonce(), by: old.key), at: clock.tick())
        }
        await refused(.replacedKey) {
            try await intake.retirement(message(.retirement, nonce(), by: old.key), at: clock.tick())
        }
    }

    @Test("may be a key replacement by either key, which says by which")
    func replacements() async throws {
        let new = try PrivateKey.generate(.p256)
        for (key, next) in [(current, new), (old.key, current)] {
            let replacement = try await intake.keyReplacement(
                replacement(nonce(), to: next, by: key),
                at: clock.tick()
            )
            #expect(replacement.oldKey == key.publicKey.jwk && replacement.newKey == next.publicKey.jwk)
        }
    }

    @Test("is refused with a nonce that the device has used, whatever the kind of message and the key")
    func nonces() async throws {
        let new = try PrivateKey.generate(.p256)
        let first = try await nonce()
        _ = try await intake.report(message(.report, first, by: current), at: clock.tick())
        await refused(.badNonce) {
            try await intake.keyReplacement(replacement(first, to: new, by: current), at: clock.tick())
        }
        await refused(.badNonce) {
            try await intake.retirement(message(.retirement, first, by: current), at: clock.tick())
        }
        let sent = try await replacement(nonce(), to: new, by: current)
        _ = try await intake.keyReplacement(sent, at: clock.tick())
        await refused(.badNonce) { try await intake.keyReplacement(sent, at: clock.tick()) }
        let report = try await message(.report, nonce(), by: old.key)
        _ = try await intake.report(report, at: clock.tick())
        await refused(.badNonce) { try await intake.report(report, at: clock.tick()) }
    }

    @Test("is refused by a key that the device never had, and of a device that is not known")
    func strangers() async throws {
        let other = try TestDevice()
        await refused(.badSignature) {
            try await intake.report(message(.report, nonce(), by: other.key), at: clock.tick())
        }
        await refused(.badSignature) {
            try await intake.keyReplacement(
                replacement(nonce(), to: PrivateKey.generate(.p256), by: other.key),
                at: clock.tick()
            )
        }
        // The thumbprint of the key in force is nobody's id.
        await refused(.unknownDevice) {
            try await intake.report(
                other.message(.report, payload: Wire.encode(other.report()), nonce: nonce()),
                at: clock.tick()
            )
        }
    }
}
