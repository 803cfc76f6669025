public import ConfigurationFile
public import Logging
internal import OpenSSLBridge
public import PostureModel
public import ReportStore
internal import Scoring
public import Verification

/// The scorer's work without HTTP: verify, store, score, answer.
///
/// Everything it depends on is an argument.
public struct Scorer: Sendable {
    let store: any ReportStore
    let verifier: MessageVerifier
    let checks: PresentChecks
    let policies: Guarded<PolicyFile>
    let revocations: Guarded<RevocationFiles.Snapshot>
    let uptime: Uptime
    let strangers = Strangers()
    let nonces: NonceKeeper
    private let count: FleetCount
    let tally = Tally()
    let logger: Logger
    let now: @Sendable () -> Timestamp

    /// Creates a scorer of these checks; `now` is the clock, passed in so that a test can set it.
    ///
    /// - Throws: if a file of CRLs cannot be read.
    public init(
        store: any ReportStore,
        verifier: MessageVerifier,
        checks: [String: ScorerConfiguration.Check],
        policy: PolicyFile,
        logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) throws(ConfigurationError) {
        self.checks = try PresentChecks(checks, store: store, logger: logger, at: now())
        policies = Guarded("policy", .init(id: policy.id, value: policy), store: store, logger: logger)
        let crls = self.checks.first
        revocations = Guarded("crls", .init(id: crls.id, value: crls), store: store, logger: logger)
        uptime = Uptime(store: store)
        self.store = store
        self.verifier = verifier
        self.nonces = NonceKeeper(store: store, audience: verifier.audience)
        self.count = FleetCount { try await store.fleet(at: $0) }
        self.logger = logger
        self.now = now
    }

    /// How it is, in one line: `42 devices, last report 3 s ago`.
    ///
    /// - Throws: what the store throws; so whoever asks knows that it answers.
    public func status() async throws -> String {
        let now = now()
        let fleet = try await fleet(at: now)
        let devices = fleet.devices == 1 ? "1 device" : "\(fleet.devices) devices"
        guard let newest = fleet.newest else { return "\(devices), no report yet" }
        return "\(devices), last report \(duration(max(0, now.seconds(since: newest)))) ago"
    }

    /// The devices as a whole, counted a while ago perhaps.
    ///
    /// - Throws: what the store throws, which is asked in any case.
    func fleet(at now: Timestamp) async throws -> Fleet {
        _ = try await store.nonceKeys()
        return try await count.fleet(at: now)
    }

    /// Begins: finds out for how long it was not receiving, and what the checks lack, such as a CA that is not in the store.
    ///
    /// Takes `policy` unless it would fail too many of the devices that pass by the one that was in force last.
    ///
    /// - Throws: what the store throws.
    public func begin(with policy: PolicyFile) async throws {
        let now = now()
        if let outage = try await uptime.begin(at: now) {
            logger.warning(
                "this scorer was not receiving for a while: Cloudflare is answered 503 until agents had the time to report",
                metadata: ["from": "\(outage.began)", "to": "\(outage.ended)"]
            )
        }
        _ = try await basis(at: now)
        try await adopt(policy, at: now)
        try await policies.settle()
        try await revocations.settle()
    }

    /// Takes a policy that was read again, and considers again what is held.
    ///
    /// - Throws: what the store throws.
    public func reload(_ policy: PolicyFile) async throws {
        let now = now()
        _ = try await basis(at: now, again: true)
        try await adopt(policy, at: now, again: true)
    }

    /// Considers again what is held: it may be confirmed now, or be too much no more.
    ///
    /// - Throws: what the store throws.
    func considerHeld() async throws {
        let now = now()
        if await revocations.held != nil { _ = try await basis(at: now, again: true) }
        if let policy = await policies.offered { try await adopt(policy, at: now, again: true) }
    }

    /// How many changes are held.
    var heldCount: Int {
        get async { await (policies.held == nil ? 0 : 1) + (revocations.held == nil ? 0 : 1) }
    }

    /// Notes that it receives, and whom it was asked about in vain; considers what is held.
    ///
    /// - Throws: what the store throws.
    func beat() async throws {
        try await uptime.beat(at: now())
        try await strangers.flush(to: store)
        try await considerHeld()
    }

    /// The policy that was in force when a scorer last ran on this store; nil if none did, or it cannot be read any more.
    public static func lastPolicy(in store: any ReportStore) async throws -> PolicyFile? {
        guard let text = try await store.setting("policy") else { return nil }
        return try? text.isEmpty ? .standard : PolicyFile(text: text)
    }

    /// A nonce for the next message.
    func nonce() async throws -> String {
        let now = now()
        guard let nonce = try await nonces.authority(at: now).issue(at: now) else {
            throw Problem(.unavailable, "there is no nonce key")
        }
        return nonce
    }

    /// Takes a report and answers with the score it makes.
    func take(report bytes: [UInt8]) async throws -> ReportAnswer {
        let now = now()
        let (message, nonce, key) = try await open(bytes, at: now)
        let basis = try await basis(at: now)
        let report = try verifier.report(message, key: key, checks: basis.requirements, nonce: nonce, at: now)
        let outcome = try await store.accept(report, receivedAt: now) { standing in
            let stored = StoredReport(report: report, receivedAt: now, standing: standing)
            return basis.policy.failing(Evidence(stored, age: 0), trust: basis.trust, at: now)
        }
        let stored: StoredReport
        switch outcome {
        case .accepted(let standing, let change):
            await tell(change, of: report.report.device)
            stored = StoredReport(report: report, receivedAt: now, standing: standing)
        case .stale: throw Problem(.badNonce, "a report with this nonce, or a newer one, was accepted already")
        case .unknownDevice: throw Self.unknownDevice
        }
        let answer = await answer(to: stored, basis, at: now)
        logger.debug(
            "report accepted",
            metadata: [
                "device": "\(answer.device)", "score": "\(answer.score.value)",
            ]
        )
        return answer
    }

    /// Tells operators what a report changed for others.
    private func tell(_ change: BindingChange, of device: DeviceID) async {
        if !change.refused.isEmpty { await tally.count(Tally.Binding.refused) }
        if !change.taken.isEmpty { await tally.count(Tally.Binding.taken) }
        if change.isClone { await tally.count(Tally.Binding.cloned) }
        func say(_ text: Logger.Message, _ identifiers: [Identifier]) {
            guard !identifiers.isEmpty else { return }
            let list = identifiers.map { "\($0.kind) \($0.value)" }.joined(separator: ", ")
            logger.warning(text, metadata: ["device": "\(device)", "claims": "\(list)"])
        }
        say("a device claims what is another's, and does not get it: posture-scorer devices contested", change.refused)
        say(
            "a device has the better claim to what was another's, and gets it: posture-scorer devices contested",
            change.taken
        )
        if change.isClone {
            logger.warning(
                "two machines report with one device key, which scores 0 now: posture-scorer devices clones",
                metadata: ["device": "\(device)"]
            )
        }
    }

    /// Registers a device by its token, or by its certificate's proof.
    func take(registration bytes: [UInt8]) async throws -> RegistrationAnswer {
        let now = now()
        let message = try UnverifiedMessage(parsing: bytes)
        let nonce = try await nonces.authority(at: now).verify(message.nonce, at: now)
        let basis = try await basis(at: now)
        let registration = try verifier.registration(message, checks: basis.requirements, nonce: nonce, at: now)
        let authorisations = authorisations(of: registration, basis.policy)
        guard !authorisations.isEmpty else {
            throw Problem(
                .enrolmentRefused,
                "it brings neither an enrolment token nor a proof of a certificate that this scorer takes for one"
            )
        }
        var refusals: [String] = []
        for authorisation in authorisations {
            switch try await store.register(registration, by: authorisation, at: now) {
            case .registered:
                logger.info("device registered", metadata: ["device": "\(registration.device)"])
                return RegistrationAnswer(device: registration.device)
            case .alreadyKnown: return RegistrationAnswer(device: registration.device)
            case .refused(let reason): refusals.append(reason)
            }
        }
        throw Problem(.enrolmentRefused, refusals.joined(separator: "; "))
    }

    /// What may let a device in, in the order in which it is tried: a token that was used up stands in nobody's way
    /// who has a certificate.
    private func authorisations(of registration: VerifiedRegistration, _ policy: Policy) -> [Authorisation] {
        let token = registration.token.map { Authorisation.token(hash: EnrolmentToken.hash($0)) }
        let certificate = registration.provenCertificate.map { fingerprint in
            Authorisation.certificate(
                fingerprint: fingerprint,
                deviceLimit: policy.registration.devicesPerCertificate
            )
        }
        return [token, policy.registration.byCertificate ? certificate : nil].compactMap { $0 }
    }

    /// A device's own score and reasons.
    func take(ownRecord bytes: [UInt8]) async throws -> ReportAnswer {
        let now = now()
        let (message, nonce, key) = try await open(bytes, at: now)
        let device = try verifier.ownRecord(message, key: key, nonce: nonce)
        guard let record = try await record(of: device) else {
            throw Problem(.notFound, "the device has not reported yet")
        }
        return record.answer
    }

    /// A device's score, reasons and verdicts now, or at another time; nil if it has not reported.
    func record(of device: DeviceID, at time: Timestamp? = nil) async throws -> DeviceRecord? {
        let now = time ?? now()
        guard let stored = try await store.newestReport(of: device) else { return nil }
        let basis = try await basis(at: now)
        return DeviceRecord(
            answer: await answer(to: stored, basis, at: now),
            checks: basis.trust.verdicts(of: stored.report, at: now)
        )
    }

    private func answer(to stored: StoredReport, _ basis: Basis, at now: Timestamp) async -> ReportAnswer {
        ReportAnswer(
            device: stored.report.report.device,
            score: basis.policy.score(await evidence(stored, at: now), trust: basis.trust, at: now),
            receivedAt: stored.receivedAt,
            nextReportIn: basis.policy.reportInterval
        )
    }

    /// Reads a message of a registered device, checks its nonce and finds its key.
    private func open(_ bytes: [UInt8], at now: Timestamp) async throws -> (UnverifiedMessage, VerifiedNonce, PublicKey)
    {
        let message = try UnverifiedMessage(parsing: bytes)
        let nonce = try await nonces.authority(at: now).verify(message.nonce, at: now)
        guard let device = message.claimedDevice else {
            throw Problem(.malformed, "the device's signature names its device as 'kid'")
        }
        guard let jwk = try await store.key(of: device) else { throw Self.unknownDevice }
        return (message, nonce, try PublicKey(jwk))
    }

    private static let unknownDevice = Problem(.unknownDevice, "register it first: POST /v1/devices")
}
