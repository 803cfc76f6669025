internal import OpenSSLBridge
package import PostureModel
internal import ScorerStore
internal import Verification

/// An authentic report, by the key that signed it.
enum ReportIntake: Sendable {
    /// A report by the device's key.
    case report(AuthenticMessage<Report>)
    /// A report by a key that the device has replaced.
    case byReplacedKey(DeviceID)
}

/// Lets devices' messages in.
///
/// A message is refused as early as possible, and cheap checks come first: its size and form, its nonce, whether its device is
/// known, the device's signature, the rate, and the authorisation of a new device. Certificates are judged last, once, and
/// only of an ``AuthenticMessage``.
package struct MessageIntake: Sendable {
    private let store: any DeviceStore
    private let verifier: MessageVerifier
    private let judge: any CertificateEvidenceJudge
    private let workPool: MessageWorkPool
    private let nonces: NonceKeeper
    private let spent = SpentNonces()
    /// The rate of known devices: an agent on whose machine everything changes sends twenty reports in a row, and then one
    /// each fifteen seconds.
    private let devices = TokenBuckets<DeviceID>(interval: 5, burst: 30)
    /// The rate of registrations by one key: an agent asks again at its report interval.
    private let newcomers = TokenBuckets<DeviceID>(interval: 10, burst: 10)

    init(
        store: any ScorerDatabase,
        verifier: MessageVerifier,
        judge: any CertificateEvidenceJudge,
        workPool: MessageWorkPool
    ) {
        self.store = store
        self.verifier = verifier
        self.judge = judge
        self.workPool = workPool
        nonces = NonceKeeper(store: store, audience: verifier.audience)
    }

    /// A nonce for the next message.
    package func nonce(at now: Timestamp) async throws -> String {
        guard let nonce = try await nonces.authority(at: now).issue(at: now) else {
            throw Problem(.unavailable, "there is no nonce key")
        }
        return nonce
    }

    /// Lets a report in, of a device that is known and sends no more than its share.
    ///
    /// A report by a replaced key is let in as such: two machines may have the key.
    func report(_ bytes: [UInt8], at now: Timestamp) async throws -> ReportIntake {
        let authentic = try await admit(bytes, of: \.device, at: now) { try $0.authenticReport($1, of: $2, nonce: $3) }
        return authentic.isByReplacedKey ? .byReplacedKey(authentic.device) : .report(authentic)
    }

    /// Lets a device in that asks for its own record, with the key in force.
    func ownRecord(_ bytes: [UInt8], at now: Timestamp) async throws -> DeviceID {
        let signer = try await admit(bytes, of: \.device, at: now) { try $0.ownRecord($1, of: $2, nonce: $3) }
        guard !signer.isReplaced else { throw Problem.byReplacedKey }
        return signer.device
    }

    /// Lets a device in that retires, with the key in force.
    func retirement(_ bytes: [UInt8], at now: Timestamp) async throws -> VerifiedRetirement {
        try await admit(bytes, of: \.device, at: now) { try $0.retirement($1, of: $2, nonce: $3) }
    }

    /// Lets a device in that replaces its key.
    ///
    /// The key that signs may be one that was replaced already: the answer to the first message may be lost.
    func keyReplacement(_ bytes: [UInt8], at now: Timestamp) async throws -> VerifiedKeyReplacement {
        try await admit(bytes, of: \.device, at: now) { try $0.keyReplacement($1, of: $2, nonce: $3) }
    }

    /// Lets a registration in, of whichever key.
    func registration(_ bytes: [UInt8], at now: Timestamp) async throws -> AuthenticMessage<Registration> {
        let (message, nonce) = try await receive(bytes, at: now)
        let verifier = verifier
        let authentic = try await workPool.run(.arrival) { try verifier.authenticRegistration(message, nonce: nonce) }
        try refuse(waiting: newcomers.take(authentic.device, at: now))
        try spend(nonce, by: authentic.device, at: now)
        return authentic
    }

    /// Judges the certificates of a report.
    func judge(
        _ report: AuthenticMessage<Report>,
        by context: ScoringContext,
        at now: Timestamp
    ) async throws -> VerifiedReport {
        let judge = judge
        return try await workPool.run(.report) { judge.report(report, checks: context.requirements, at: now) }
    }

    /// Judges the certificates of a registration.
    func judge(
        _ registration: AuthenticMessage<Registration>,
        by context: ScoringContext,
        at now: Timestamp
    ) async throws -> VerifiedRegistration {
        let judge = judge
        return try await workPool.run(.registration) {
            judge.registration(registration, checks: context.requirements, at: now)
        }
    }

    // MARK: - Steps

    /// Reads a message, and checks that its nonce is good and new.
    private func receive(_ bytes: [UInt8], at now: Timestamp) async throws -> (UnverifiedMessage, VerifiedNonce) {
        let (authority, spent) = (try await nonces.authority(at: now), spent)
        return try await workPool.run(.arrival) {
            let message = try UnverifiedMessage(parsing: bytes)
            let nonce = try authority.verify(message.nonce, at: now)
            if let signer = message.claimedSigner, spent.isSpent(nonce, by: signer) { throw Self.usedNonce }
            return (message, nonce)
        }
    }

    /// Reads a message of a registered device, checks its nonce and finds its keys.
    private func open(_ bytes: [UInt8], at now: Timestamp) async throws
        -> (UnverifiedMessage, VerifiedNonce, KnownDevice)
    {
        let (message, nonce) = try await receive(bytes, at: now)
        guard let device = message.claimedDevice else {
            throw Problem(.malformed, "the device's signature names its device as 'kid'")
        }
        // A look: a sender that cannot sign for the device takes none of its turns.
        try refuse(waiting: devices.wait(for: device, at: now))
        guard let keys = try await store.keys(of: device) else { throw Self.unknownDevice }
        return (message, nonce, KnownDevice(device, keys: keys))
    }

    /// Lets a message of a registered device in whose signature holds: its nonce is used up, and one of the device's turns.
    private func admit<Message: Sendable>(
        _ bytes: [UInt8],
        of sender: (Message) -> DeviceID,
        at now: Timestamp,
        _ verify: @escaping @Sendable (MessageVerifier, UnverifiedMessage, KnownDevice, VerifiedNonce) throws -> Message
    ) async throws -> Message {
        let (message, nonce, known) = try await open(bytes, at: now)
        let verifier = verifier
        let verified = try await workPool.run(.arrival) { try verify(verifier, message, known, nonce) }
        let device = sender(verified)
        try spend(nonce, by: device, at: now)
        try refuse(waiting: devices.take(device, at: now))
        return verified
    }

    private func spend(_ nonce: VerifiedNonce, by device: DeviceID, at now: Timestamp) throws(Problem) {
        guard spent.spend(nonce, by: device, at: now) else { throw Self.usedNonce }
    }

    private func refuse(waiting seconds: Int64) throws(Problem) {
        guard seconds > 0 else { return }
        var problem = Problem(.tooManyRequests, "this device sends more than its share: wait \(seconds) s")
        problem.retryAfter = Int(seconds)
        throw problem
    }

    static let unknownDevice = Problem(.unknownDevice, "register it first: POST /v1/devices")
    private static let usedNonce = Problem(
        .badNonce,
        "a message with this nonce was taken already: take the nonce of this answer"
    )
}
