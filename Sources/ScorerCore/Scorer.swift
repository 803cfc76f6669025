package import ConfigurationFile
package import Logging
internal import OpenSSLBridge
package import PostureModel
package import ScorerModel
package import ScorerStore
internal import Scoring
package import Verification

/// The scorer's work without HTTP: verify, store, score, answer.
///
/// Everything it depends on is an argument.
package struct Scorer: Sendable {
    package let store: any ReportStore
    package let verifier: MessageVerifier
    /// What judges certificates: the verifier, unless a test puts another in its place.
    package var judge: any CertificateEvidenceJudge
    package var desk = MessageDesk()
    package let spent = SpentNonces()
    /// What known devices may send: an agent on whose machine everything changes sends twenty reports in a row, and then one
    /// each fifteen seconds.
    package let devices = TokenBuckets<DeviceID>(interval: 5, burst: 30)
    /// What one key may register: an agent asks again at its report interval.
    package let newcomers = TokenBuckets<DeviceID>(interval: 10, burst: 10)
    package let journal: DeviceJournal
    package let checks: PresentChecks
    package let policies: Guarded<PolicyFile>
    package let revocations: Guarded<RevocationFiles.Snapshot>
    package let uptime: Uptime
    package let strangers = Strangers()
    package let nonces: NonceKeeper
    private let count: FleetCount
    package let tally = Tally()
    package let logger: Logger
    package let now: @Sendable () -> Timestamp

    /// Creates a scorer of these checks; `now` is the clock, passed in so that a test can set it.
    ///
    /// - Throws: if a file of CRLs cannot be read.
    package init(
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
        (self.verifier, judge) = (verifier, verifier)
        journal = DeviceJournal(logger: logger)
        self.nonces = NonceKeeper(store: store, audience: verifier.audience)
        self.count = FleetCount { try await store.fleet(at: $0) }
        self.logger = logger
        self.now = now
    }

    /// How it is, in one line: `42 devices, last report 3 s ago`.
    ///
    /// - Throws: what the store throws; so whoever asks knows that it answers.
    package func status() async throws -> String {
        let now = now()
        let fleet = try await fleet(at: now)
        let devices = fleet.devices == 1 ? "1 device" : "\(fleet.devices) devices"
        guard let newest = fleet.newest else { return "\(devices), no report yet" }
        return "\(devices), last report \(duration(max(0, now.seconds(since: newest)))) ago"
    }

    /// The devices as a whole, counted a while ago perhaps.
    ///
    /// - Throws: what the store throws, which is asked in any case.
    package func fleet(at now: Timestamp) async throws -> Fleet {
        _ = try await store.nonceKeys()
        return try await count.fleet(at: now)
    }

    /// Begins: finds out for how long it was not receiving, and what the checks lack, such as a CA that is not in the store.
    ///
    /// Takes `policy` unless it would fail too many of the devices that pass by the one that was in force last.
    ///
    /// - Throws: what the store throws.
    package func begin(with policy: PolicyFile) async throws {
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
    package func reload(_ policy: PolicyFile) async throws {
        let now = now()
        _ = try await basis(at: now, again: true)
        try await adopt(policy, at: now, again: true)
    }

    /// Considers again what is held: it may be confirmed now, or be too much no more.
    ///
    /// - Throws: what the store throws.
    package func considerHeld() async throws {
        let now = now()
        if await revocations.held != nil { _ = try await basis(at: now, again: true) }
        if let policy = await policies.offered { try await adopt(policy, at: now, again: true) }
    }

    /// How many changes are held.
    package var heldCount: Int {
        get async { await (policies.held == nil ? 0 : 1) + (revocations.held == nil ? 0 : 1) }
    }

    /// Notes that it receives, and whom it was asked about in vain; considers what is held.
    ///
    /// - Throws: what the store throws.
    package func beat() async throws {
        try await uptime.beat(at: now())
        try await strangers.flush(to: store)
        try await considerHeld()
    }

    /// The policy that was in force when a scorer last ran on this store; nil if none did, or it cannot be read any more.
    package static func lastPolicy(in store: any ReportStore) async throws -> PolicyFile? {
        guard let text = try await store.setting("policy") else { return nil }
        return try? text.isEmpty ? .standard : PolicyFile(text: text)
    }

    /// A nonce for the next message.
    package func nonce() async throws -> String {
        let now = now()
        guard let nonce = try await nonces.authority(at: now).issue(at: now) else {
            throw Problem(.unavailable, "there is no nonce key")
        }
        return nonce
    }

    /// A device's score, reasons and verdicts now, or at another time; nil if it has not reported.
    package func record(of device: DeviceID, at time: Timestamp? = nil) async throws -> DeviceRecord? {
        let now = time ?? now()
        guard let stored = try await store.newestReport(of: device) else { return nil }
        let basis = try await basis(at: now)
        return DeviceRecord(
            answer: await answer(to: stored, basis, at: now),
            checks: basis.trust.verdicts(of: stored.report, at: now)
        )
    }

    package func answer(to stored: StoredReport, _ basis: Basis, at now: Timestamp) async -> ReportAnswer {
        ReportAnswer(
            device: stored.report.report.device,
            score: basis.policy.score(await evidence(stored, at: now), trust: basis.trust, at: now),
            receivedAt: stored.receivedAt,
            nextReportIn: basis.policy.reportInterval
        )
    }
}
