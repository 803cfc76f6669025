internal import ConfigurationFile
internal import Logging
internal import OpenSSLBridge
internal import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import Scoring
internal import Verification

/// The checks as they are at a moment: what the configuration says, with the CAs that are in the store and the newest CRLs.
///
/// So whatever is removed or revoked counts at the next score, and two scorers on one database agree.
actor EffectiveChecks {
    /// The checks at one moment.
    struct Snapshot: Sendable {
        /// The requirements for a certificate that is shown now, by the check's id.
        var requirements: [String: CertificateRequirements] = [:]
        /// The trust by which earlier verdicts still hold or do not.
        var trust = Trust(checks: [:])
    }

    private let checks: [String: ScorerConfiguration.Check]
    /// The ids of the checks.
    nonisolated var ids: [String] { checks.keys.sorted() }
    private let store: any DecisionStore
    private let files: RevocationFiles
    private let newest: NewestLists
    private let logger: Logger
    /// The CAs of the checks, parsed, by their ids.
    private var parsed: [String: ParsedAuthority] = [:]
    private var issuers: [String: KnownLists] = [:]
    /// The complaints about each check that were logged.
    private var said: [String: Set<String>] = [:]

    /// Creates the checks of a configuration and reads their CRLs.
    init(
        _ checks: [String: ScorerConfiguration.Check],
        store: any DecisionStore & ServiceStore,
        logger: Logger,
        at now: Timestamp
    ) throws(ConfigurationError) {
        self.checks = checks
        self.store = store
        self.logger = logger
        files = try RevocationFiles(Set(checks.values.flatMap(\.crls)), logger: logger, at: now)
        newest = NewestLists(store: store, logger: logger)
    }

    /// The checks now, or as they would be without the CA `removed`; new complaints about them go to the log, but for those
    /// that would be.
    ///
    /// - Parameters:
    ///   - now: The moment.
    ///   - crlGrace: The seconds for which an overdue CRL serves.
    ///   - removed: The id of a CA that is left out.
    /// - Returns: the checks with their CAs and CRLs.
    /// - Throws: what the store throws.
    func at(_ now: Timestamp, crlGrace: Int64, without removed: String? = nil) async throws -> Snapshot {
        let files = await files.lists(at: now)
        let stored = try await store.cas(
            Set(checks.values.flatMap(\.trusted)).subtracting([removed].compactMap(\.self))
        )
        let authorities = parse(stored)
        var snapshot = Snapshot()
        for (id, check) in checks {
            let present = check.trusted.compactMap { authorities[$0] }
            var requirements = check.requirements
            requirements.trusted = present.flatMap(\.certificates)
            snapshot.requirements[id] = requirements
            snapshot.trust.checks[id] = Trust.Check(
                anchors: present.reduce(into: []) { $0.formUnion($1.fingerprints) },
                missing: check.trusted.filter { authorities[$0] == nil },
                refusesUnknown: requirements.revocation.failureMode == .hard
            )
        }
        try await addLists(of: files, to: &snapshot, crlGrace: crlGrace, at: now)
        if removed == nil {
            for (id, check) in snapshot.trust.checks { say(check, of: id, crlGrace: crlGrace, at: now) }
        }
        return snapshot
    }

    /// Adds the newest CRLs to the checks that have files of them.
    private func addLists(
        of files: RevocationFiles.Lists,
        to snapshot: inout Snapshot,
        crlGrace: Int64,
        at now: Timestamp
    ) async throws {
        let ids = checks.filter { !$0.value.crls.isEmpty }.keys.sorted()
        guard !ids.isEmpty else { return }
        let requirements = snapshot.requirements
        let candidates = ids.compactMap { requirements[$0] }.flatMap { $0.trusted + $0.intermediates }
        let paths = Set(ids.flatMap { checks[$0]?.crls ?? [] }).sorted()
        let newest = try await newest.update(paths.flatMap { files[$0] ?? [] }, signedBy: candidates, at: now)
        for id in ids {
            guard let known = lists(of: id, requirements[id], files, newest) else { continue }
            snapshot.requirements[id]?.revocation.lists = known.lists
            snapshot.requirements[id]?.revocation.needsLists = true
            // The lists that stored verdicts are held against are judged with each score.
            snapshot.requirements[id]?.revocation.leeway = .init(
                early: KnownRevocations.clockTolerance,
                overdue: known.complaints.isEmpty ? .max : crlGrace
            )
            snapshot.trust.checks[id]?.revocations = known.revocations
        }
    }

    private func lists(
        of check: String,
        _ requirements: CertificateRequirements?,
        _ files: RevocationFiles.Lists,
        _ newest: [ListPlace: RevocationEntry]
    ) -> IssuerLists? {
        guard let requirements else { return nil }
        let files = (checks[check]?.crls ?? []).flatMap { files[$0] ?? [] }
        let candidates = requirements.trusted + requirements.intermediates
        if let known = issuers[check], known.isOf(files, newest, candidates) { return known.lists }
        let isStrict = requirements.revocation.failureMode == .hard
        let lists = IssuerLists(files, newest: newest, candidates, isStrict: isStrict)
        issuers[check] = KnownLists(files: files, newest: newest, candidates: candidates, lists: lists)
        return lists
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

    private func say(_ trust: Trust.Check, of check: String, crlGrace: Int64, at now: Timestamp) {
        let complaints = trust.complaints(at: now, crlGrace: crlGrace) + (issuers[check]?.lists.complaints ?? [])
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

/// The lists of a check, with everything that they were made of.
private struct KnownLists {
    let files: [RevocationEntry]
    let newest: [ListPlace: RevocationEntry]
    let candidates: [Certificate]
    let lists: IssuerLists

    func isOf(
        _ files: [RevocationEntry],
        _ newest: [ListPlace: RevocationEntry],
        _ candidates: [Certificate]
    ) -> Bool {
        self.files.areSame(as: files) && self.candidates.areSame(as: candidates)
            && self.newest.count == newest.count && newest.allSatisfy { self.newest[$0]?.list === $1.list }
    }
}

extension Trust.Check {
    /// What an operator should know of this check.
    fileprivate func complaints(at now: Timestamp, crlGrace: Int64) -> [String] {
        missing.map { "\($0) is not among the trusted CAs: it was removed, or never added: posture-scorer ca list" }
            + overdue(at: now).map { crl in
                "the scorer's CRL of \(crl.issuer) is overdue since \(crl.nextUpdate): provide a newer one"
                    + (refusesUnknown
                        ? "; no device can register by its certificates, and they count for nothing from "
                            + "\(crl.nextUpdate.adding(seconds: crlGrace)) on" : "")
            }
    }
}
