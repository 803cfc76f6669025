package import ConfigurationFile
package import Logging
package import PostureModel
internal import ScorerModel
package import ScorerStore
package import Verification

/// The scorer's work without HTTP, put together: each job is a type of its own.
///
/// Everything it depends on is an argument.
package struct Scorer: Sendable {
    package let store: any ScorerDatabase
    package let logger: Logger
    package let now: @Sendable () -> Timestamp
    /// Counts what comes in.
    package let counters = RequestCounters()
    /// Remembers when no scorer received.
    let outages: OutageTracker
    /// The policy, the trusted CAs and the CRLs in force, and what waits for approval.
    package let changes: ChangeControl
    /// Lets devices' messages in.
    package let intake: MessageIntake
    /// Takes reports.
    package let reports: ReportIngest
    /// Registers devices.
    package let registrations: DeviceRegistration
    /// Answers Cloudflare.
    package let postureQuery: PostureQuery
    /// Replaces the keys of devices, and takes them back.
    package let keys: DeviceKeys
    /// Says what a device scores, and why.
    package let devices: DeviceScores
    /// Counts the devices.
    package let fleet: FleetStatus

    /// Creates a scorer of these checks; `now` is the clock, passed in so that a test can set it.
    ///
    /// Nothing but a test gives a `judge`, which judges certificates in place of the verifier.
    ///
    /// - Throws: if a file of CRLs cannot be read.
    package init(
        store: any ScorerDatabase,
        verifier: MessageVerifier,
        checks: [String: ScorerConfiguration.Check],
        policy: PolicyFile,
        pollingInterval: Int64 = ScorerConfiguration.standardPollingInterval,
        logger: Logger,
        judge: (any CertificateEvidenceJudge)? = nil,
        workPool: MessageWorkPool = MessageWorkPool(),
        now: @escaping @Sendable () -> Timestamp
    ) throws(ConfigurationError) {
        let checks = try EffectiveChecks(checks, store: store, logger: logger, at: now())
        let journal = DeviceJournal(logger: logger)
        let receipts = ReceiptKeeper(store: store)
        (self.store, self.logger, self.now) = (store, logger, now)
        outages = OutageTracker(store: store)
        changes = ChangeControl(checks: checks, policy: policy, store: store, outages: outages, logger: logger)
        intake = MessageIntake(store: store, verifier: verifier, judge: judge ?? verifier, workPool: workPool)
        devices = DeviceScores(store: store, changes: changes, outages: outages)
        reports = ReportIngest(
            store: store,
            intake: intake,
            changes: changes,
            devices: devices,
            outages: outages,
            receipts: receipts,
            journal: journal,
            counters: counters,
            logger: logger
        )
        registrations = DeviceRegistration(store: store, intake: intake, changes: changes, logger: logger)
        postureQuery = PostureQuery(
            store: store,
            changes: changes,
            outages: outages,
            journal: journal,
            counters: counters,
            logger: logger,
            pollingInterval: pollingInterval
        )
        keys = DeviceKeys(
            store: store,
            intake: intake,
            receipts: receipts,
            journal: journal,
            counters: counters,
            logger: logger
        )
        fleet = FleetStatus(store: store)
    }

    /// Begins: finds out for how long no scorer received, and what the checks lack, such as a CA that is not in the store.
    ///
    /// Takes `policy` unless it would fail too many of the devices that pass by the one that was in force last.
    ///
    /// - Throws: what the store throws.
    package func start(with policy: PolicyFile) async throws {
        let now = now()
        if let outage = try await outages.start(at: now) {
            logger.warning(
                "this scorer was not receiving for a while: Cloudflare is answered 503 until agents had the time to report",
                metadata: ["from": "\(outage.began)", "to": "\(outage.ended)"]
            )
        }
        try await changes.start(with: policy, at: now)
    }

    /// Takes a policy that was read again, and considers again what waits for approval.
    ///
    /// - Throws: what the store throws.
    package func reload(_ policy: PolicyFile) async throws { try await changes.reload(policy, at: now()) }

    /// Notes that it receives, and which rows matched no device; considers again what waits for approval.
    ///
    /// - Throws: what the store throws.
    package func recordHeartbeat() async throws {
        try await outages.recordHeartbeat(at: now())
        try await postureQuery.unmatched.flush(to: store)
        try await changes.reconsider(at: now())
    }
}
