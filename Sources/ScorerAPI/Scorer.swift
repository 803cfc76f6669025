public import ConfigurationFile
public import Logging
internal import OpenSSLBridge
public import PostureModel
public import ReportStore
public import Scoring
public import Verification

/// The scorer's work without HTTP: verify, store, score, answer.
///
/// Everything it depends on is an argument.
public struct Scorer: Sendable {
    let store: any ReportStore
    let verifier: MessageVerifier
    let checks: PresentChecks
    let policy: Policy
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
        policy: Policy,
        logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) throws(ConfigurationError) {
        self.checks = try PresentChecks(checks, store: store, logger: logger, at: now())
        self.store = store
        self.verifier = verifier
        self.policy = policy
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

    /// Logs what the checks lack now, such as a CA that is not in the store.
    ///
    /// - Throws: what the store throws.
    public func examineChecks() async throws {
        _ = try await checks.at(now())
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
        let present = try await checks.at(now)
        let report = try verifier.report(message, key: key, checks: present.requirements, nonce: nonce, at: now)
        switch try await store.accept(report, receivedAt: now) {
        case .accepted: break
        case .stale: throw Problem(.badNonce, "a report with this nonce, or a newer one, was accepted already")
        case .unknownDevice: throw Self.unknownDevice
        }
        let answer = answer(to: report, receivedAt: now, trust: present.trust, at: now)
        logger.debug(
            "report accepted",
            metadata: [
                "device": "\(answer.device)", "score": "\(answer.score.value)",
            ]
        )
        return answer
    }

    /// Registers a device by its token, or by its certificate's proof.
    func take(registration bytes: [UInt8]) async throws -> RegistrationAnswer {
        let now = now()
        let message = try UnverifiedMessage(parsing: bytes)
        let nonce = try await nonces.authority(at: now).verify(message.nonce, at: now)
        let checks = try await checks.at(now).requirements
        let registration = try verifier.registration(message, checks: checks, nonce: nonce, at: now)
        let authorisations = authorisations(of: registration)
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
    private func authorisations(of registration: VerifiedRegistration) -> [Authorisation] {
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

    /// A device's score, reasons and verdicts now; nil if it has not reported.
    func record(of device: DeviceID) async throws -> DeviceRecord? {
        let now = now()
        guard let stored = try await store.newestReport(of: device) else { return nil }
        let trust = try await checks.at(now).trust
        return DeviceRecord(
            answer: answer(to: stored.report, receivedAt: stored.receivedAt, trust: trust, at: now),
            checks: trust.verdicts(of: stored.report, at: now)
        )
    }

    /// The score of every device that Cloudflare asks about.
    ///
    /// What is not known, or not for sure, scores 0.
    func evaluate(_ asked: [AskedDevice]) async throws -> [String: CloudflareAnswer.Entry] {
        let now = now()
        let identifiers = asked.flatMap { row in
            [Identifier(.warp, row.deviceID), Identifier(.serial, row.serialNumber)].compactMap { $0 }
        }
        let reports = try await store.reports(holding: Set(identifiers))
        let trust = try await checks.at(now).trust
        var result: [String: CloudflareAnswer.Entry] = [:]
        for row in asked {
            result[row.deviceID] = await evaluate(row, among: reports, trust: trust, at: now)
        }
        return result
    }

    private func evaluate(
        _ asked: AskedDevice,
        among reports: [Identifier: StoredReport],
        trust: Trust,
        at now: Timestamp
    ) async -> CloudflareAnswer.Entry {
        let byWARP = Identifier(.warp, asked.deviceID).flatMap { reports[$0] }
        let bySerial = Identifier(.serial, asked.serialNumber).flatMap { reports[$0] }
        func entry(_ stored: StoredReport?, cap: Int) -> CloudflareAnswer.Entry {
            guard let stored else { return .init(s2sID: "", score: 0) }
            let age = now.seconds(since: stored.receivedAt)
            let evidence = Evidence(report: stored.report, receivedAt: stored.receivedAt, age: age)
            let score = policy.score(evidence, trust: trust, at: now)
            return .init(s2sID: stored.report.report.device.rawValue, score: min(score.value, cap))
        }
        func known(_ stored: StoredReport) -> Known {
            Known(report: stored.report.report, hasWARPID: stored.hasWARPID)
        }
        switch match(asked, byWARPID: byWARP.map(known), bySerial: bySerial.map(known)) {
        case .byWARPID:
            await tally.count(.warpID)
            return entry(byWARP, cap: 100)
        case .bySerial(_, let isCorroborated):
            await tally.count(.serialNumber)
            let limit = policy.matching.limit(isCorroborated: isCorroborated)
            return entry(limit > 0 ? bySerial : nil, cap: limit)
        case .none(let reason):
            await tally.count(.none)
            logger.debug(
                "no match",
                metadata: ["warp.device": "\(asked.deviceID.printable(limit: 128))", "reason": "\(reason)"]
            )
            return entry(nil, cap: 0)
        }
    }

    private func answer(
        to report: VerifiedReport,
        receivedAt: Timestamp,
        trust: Trust,
        at now: Timestamp
    ) -> ReportAnswer {
        let evidence = Evidence(report: report, receivedAt: receivedAt, age: now.seconds(since: receivedAt))
        return ReportAnswer(
            device: report.report.device,
            score: policy.score(evidence, trust: trust, at: now),
            receivedAt: receivedAt,
            nextReportIn: policy.reportInterval
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
