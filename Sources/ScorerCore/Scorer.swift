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
    package var desk = MessageWorkPool()
    package let spent = SpentNonces()
    /// What known devices may send: an agent on whose machine everything changes sends twenty reports in a row, and then one
    /// each fifteen seconds.
    package let devices = TokenBuckets<DeviceID>(interval: 5, burst: 30)
    /// What one key may register: an agent asks again at its report interval.
    package let newcomers = TokenBuckets<DeviceID>(interval: 10, burst: 10)
    package let journal: DeviceJournal
    package let checks: EffectiveChecks
    package let policies: ChangeGate<PolicyFile>
    package let revocations: ChangeGate<RevocationFiles.Snapshot>
    package let outageTracker: OutageTracker
    package let unmatched = UnmatchedDevices()
    package let nonces: NonceKeeper
    private let count: FleetCounter
    package let counters = RequestCounters()
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
        self.checks = try EffectiveChecks(checks, store: store, logger: logger, at: now())
        policies = ChangeGate(.policy, .init(id: policy.id, value: policy), store: store, logger: logger)
        let crls = self.checks.first
        revocations = ChangeGate(.crls, .init(id: crls.id, value: crls), store: store, logger: logger)
        outageTracker = OutageTracker(store: store)
        self.store = store
        (self.verifier, judge) = (verifier, verifier)
        journal = DeviceJournal(logger: logger)
        self.nonces = NonceKeeper(store: store, audience: verifier.audience)
        self.count = FleetCounter { try await store.fleet(at: $0) }
        self.logger = logger
        self.now = now
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
    package func start(with policy: PolicyFile) async throws {
        let now = now()
        if let outage = try await outageTracker.start(at: now) {
            logger.warning(
                "this scorer was not receiving for a while: Cloudflare is answered 503 until agents had the time to report",
                metadata: ["from": "\(outage.began)", "to": "\(outage.ended)"]
            )
        }
        _ = try await scoringContext(at: now)
        try await adopt(policy, at: now)
        try await policies.clearStaleHold()
        try await revocations.clearStaleHold()
    }

    /// Takes a policy that was read again, and considers again what is held.
    ///
    /// - Throws: what the store throws.
    package func reload(_ policy: PolicyFile) async throws {
        let now = now()
        _ = try await scoringContext(at: now, again: true)
        try await adopt(policy, at: now, again: true)
    }

    /// Considers again what is held: it may be confirmed now, or be too much no more.
    ///
    /// - Throws: what the store throws.
    package func reconsiderPendingChanges() async throws {
        let now = now()
        if await revocations.pending != nil { _ = try await scoringContext(at: now, again: true) }
        if let policy = await policies.proposed { try await adopt(policy, at: now, again: true) }
    }

    /// How many changes are held.
    package var pendingChangeCount: Int {
        get async { await (policies.pending == nil ? 0 : 1) + (revocations.pending == nil ? 0 : 1) }
    }

    /// Notes that it receives, and whom it was asked about in vain; considers what is held.
    ///
    /// - Throws: what the store throws.
    package func recordHeartbeat() async throws {
        try await outageTracker.recordHeartbeat(at: now())
        try await unmatched.flush(to: store)
        try await reconsiderPendingChanges()
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
    package func scoredDevice(_ device: DeviceID, at time: Timestamp? = nil) async throws -> ScoredDevice? {
        let now = time ?? now()
        guard let stored = try await store.newestReport(of: device) else { return nil }
        let context = try await scoringContext(at: now)
        return ScoredDevice(
            answer: await answer(to: stored, context, at: now),
            checks: context.trust.verdicts(of: stored.report, at: now)
        )
    }

    package func answer(to stored: StoredReport, _ context: ScoringContext, at now: Timestamp) async -> ReportAnswer {
        ReportAnswer(
            device: stored.report.report.device,
            score: context.policy.score(await evidence(stored, at: now), trust: context.trust, at: now),
            receivedAt: stored.receivedAt,
            nextReportIn: context.policy.reportInterval
        )
    }
}
