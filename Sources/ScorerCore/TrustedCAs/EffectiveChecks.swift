internal import ConfigurationFile
internal import Logging
internal import OpenSSLBridge
internal import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import Scoring
internal import Verification

/// The checks as they are at a moment: what the configuration says, with the CAs that are in the store and the CRLs that
/// are in the files then.
///
/// So whatever is removed or revoked counts at the next score, and two scorers on one database agree.
actor EffectiveChecks {
    /// The checks at one moment.
    struct Snapshot: Sendable {
        /// What a certificate that is shown now has to meet, by the check's id.
        var requirements: [String: CertificateRequirements] = [:]
        /// What a verdict of before is good by now.
        var trust = Trust(checks: [:])
    }

    private let checks: [String: ScorerConfiguration.Check]
    /// The ids of the checks.
    nonisolated var ids: [String] { checks.keys.sorted() }
    private let store: any DecisionStore
    private let files: RevocationFiles
    /// The CRLs that were in the files at the start.
    nonisolated let first: RevocationFiles.Snapshot
    private let logger: Logger
    /// The CAs of the checks, parsed, by their ids.
    private var parsed: [String: ParsedAuthority] = [:]
    private var issuers: [String: IssuerLists] = [:]
    /// What is wrong with each check and was said.
    private var said: [String: Set<String>] = [:]

    /// Creates the checks of a configuration and reads their CRLs.
    init(
        _ checks: [String: ScorerConfiguration.Check],
        store: any DecisionStore,
        logger: Logger,
        at now: Timestamp
    ) throws(ConfigurationError) {
        self.checks = checks
        self.store = store
        self.logger = logger
        files = try RevocationFiles(Set(checks.values.flatMap(\.crls)), logger: logger, at: now)
        first = files.first
    }

    /// The CRLs that are in the files now.
    func files(at now: Timestamp) async -> RevocationFiles.Snapshot { await files.snapshot(at: now) }

    /// The checks now, by these CRLs, and as if the CA `removed` were not there; what is newly wrong with them goes to the
    /// log, but for what only would be wrong.
    ///
    /// - Throws: what the store throws.
    func at(_ now: Timestamp, files: RevocationFiles.Snapshot, without removed: String? = nil) async throws
        -> Snapshot
    {
        let files = files.lists
        let stored = try await store.cas(
            Set(checks.values.flatMap(\.trusted)).subtracting([removed].compactMap(\.self))
        )
        let authorities = parse(stored)
        var snapshot = Snapshot()
        for (id, check) in checks {
            let present = check.trusted.compactMap { authorities[$0] }
            let lists = check.crls.flatMap { files[$0] ?? [] }
            var requirements = check.requirements
            requirements.trusted = present.flatMap(\.certificates)
            requirements.revocation.lists = lists.map(\.list)
            let known = issuers(of: id, requirements, lists)
            let trust = Trust.Check(
                anchors: present.reduce(into: []) { $0.formUnion($1.fingerprints) },
                missing: check.trusted.filter { authorities[$0] == nil },
                revocations: known.revocations,
                refusesUnknown: requirements.revocation.failureMode == .hard
            )
            (snapshot.requirements[id], snapshot.trust.checks[id]) = (requirements, trust)
            if removed == nil { say(trust.complaints(at: now) + known.complaints, of: id) }
        }
        return snapshot
    }

    private func parse(_ stored: [StoredCA]) -> [String: ParsedAuthority] {
        var present: [String: ParsedAuthority] = [:]
        for authority in stored {
            // What an id stands for never changes; what is in the file is believed all the same.
            if let known = parsed[authority.id], known.pem == authority.certificates {
                present[authority.id] = known
            } else if let certificates = try? Certificate.parse(pem: authority.certificates) {
                present[authority.id] = ParsedAuthority(pem: authority.certificates, certificates: certificates)
            } else {
                logger.error("a trusted CA in the database cannot be read", metadata: ["id": "\(authority.id)"])
            }
        }
        parsed = present
        return present
    }

    private func issuers(
        of check: String,
        _ requirements: CertificateRequirements,
        _ lists: [RevocationFiles.Entry]
    ) -> IssuerLists {
        let candidates = requirements.trusted + requirements.intermediates
        if let known = issuers[check], known.isOf(lists, candidates) { return known }
        let found = IssuerLists(lists, candidates, isStrict: requirements.revocation.failureMode == .hard)
        issuers[check] = found
        return found
    }

    private func say(_ complaints: [String], of check: String) {
        for complaint in complaints where said[check]?.contains(complaint) != true {
            logger.warning("\(complaint)", metadata: ["check": "\(check)"])
        }
        said[check] = Set(complaints)
    }
}

/// A trusted CA of the store, parsed.
private struct ParsedAuthority {
    let pem: String
    let certificates: [Certificate]
    let fingerprints: Set<String>

    init(pem: String, certificates: [Certificate]) {
        self.pem = pem
        self.certificates = certificates
        fingerprints = Set(certificates.map(\.fingerprint))
    }
}

extension Trust.Check {
    /// What an operator should know of this check.
    fileprivate func complaints(at now: Timestamp) -> [String] {
        missing.map { "\($0) is not among the trusted CAs: it was removed, or never added: posture-scorer ca list" }
            + revocations.values.compactMap { lists in
                guard !lists.contains(where: { $0.isCurrent(at: now) }), let list = lists.first else { return nil }
                return "no CRL of \(list.issuer) is up to date"
                    + (refusesUnknown ? ": its certificates count for nothing until there is one" : "")
            }.sorted()
    }
}
