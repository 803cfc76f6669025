internal import Logging
internal import OpenSSLBridge
internal import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import Scoring
internal import Verification

/// What devices send.
///
/// A message is refused as early as possible, and cheap checks come first: its size and form, its nonce, whether its device is
/// known, the device's signature, the rate, and the authorisation of a new device. Certificates are judged last, once, and
/// only of an ``AuthenticMessage``.
extension Scorer {
    /// Reads a message, and checks that its nonce is good and new.
    func receive(_ bytes: [UInt8], at now: Timestamp) async throws -> (UnverifiedMessage, VerifiedNonce) {
        let (authority, spent) = (try await nonces.authority(at: now), spent)
        return try await desk.run(.arrival) {
            let message = try UnverifiedMessage(parsing: bytes)
            let nonce = try authority.verify(message.nonce, at: now)
            if let signer = message.claimedSigner, spent.isSpent(nonce, by: signer) { throw Self.usedNonce }
            return (message, nonce)
        }
    }

    /// Reads a message of a registered device, checks its nonce and finds its key.
    func open(_ bytes: [UInt8], at now: Timestamp) async throws -> (UnverifiedMessage, VerifiedNonce, JWK) {
        let (message, nonce) = try await receive(bytes, at: now)
        guard let device = message.claimedDevice else {
            throw Problem(.malformed, "the device's signature names its device as 'kid'")
        }
        // A look: whoever cannot sign for the device takes none of its turns.
        try refuse(waiting: devices.wait(for: device, at: now))
        guard let key = try await store.key(of: device) else { throw Self.unknownDevice }
        return (message, nonce, key)
    }

    /// Lets a message through whose signature holds: its nonce is used up, and one of the device's turns.
    func admit(_ device: DeviceID, _ nonce: VerifiedNonce, at now: Timestamp) throws(Problem) {
        try spend(nonce, by: device, at: now)
        try refuse(waiting: devices.take(device, at: now))
    }

    func spend(_ nonce: VerifiedNonce, by device: DeviceID, at now: Timestamp) throws(Problem) {
        guard spent.spend(nonce, by: device, at: now) else { throw Self.usedNonce }
    }

    func refuse(waiting seconds: Int64) throws(Problem) {
        guard seconds > 0 else { return }
        var problem = Problem(.tooManyRequests, "this device sends more than its share: wait \(seconds) s")
        problem.retryAfter = Int(seconds)
        throw problem
    }

    static let unknownDevice = Problem(.unknownDevice, "register it first: POST /v1/devices")
    static let usedNonce = Problem(
        .badNonce,
        "a message with this nonce was taken already: take the nonce of this answer"
    )
}
