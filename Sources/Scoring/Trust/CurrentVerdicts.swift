package import PostureModel

extension Trust {
    /// The verdicts of a report as they count at `now`: one for each check, in the order of the checks' ids.
    ///
    /// A verdict never gets better than it was at the receipt, but that one which waited for a newer CRL counts again once
    /// that is there.
    ///
    /// - Parameters:
    ///   - report: The report.
    ///   - now: The moment.
    ///   - crlGrace: The seconds for which a required CRL that is out of date serves for the certificates that it does not list.
    /// - Returns: the verdicts.
    package func verdicts(
        of report: VerifiedReport,
        at now: Timestamp,
        crlGrace: Int64 = KnownRevocations.standardGrace
    ) -> [CheckVerdict] {
        checks.sorted { $0.key < $1.key }.map { id, check in
            check.verdict(id, report.checks.first { $0.id == id }, at: now, crlGrace)
        }
    }
}

extension Trust.Check {
    /// The codes of a chain that does not end at a trusted CA, perhaps because the CA was removed.
    private static let endless: Set<String?> = ["issuer_unknown", "untrusted_issuer"]

    fileprivate func verdict(
        _ id: String,
        _ stored: CheckVerdict?,
        at now: Timestamp,
        _ grace: Int64
    ) -> CheckVerdict {
        if let stored, let reason = revocation(of: stored.chain, at: now) {
            return stored.failing("revoked", reason, proves: false)
        }
        if anchors.isEmpty, let absence {
            let verdict = stored ?? CheckVerdict(id: id, level: .none, reason: "")
            return verdict.failing("untrusted_issuer", absence, proves: false)
        }
        guard var verdict = stored else {
            return CheckVerdict(id: id, level: .none, reason: "the newest report is from before this check was made")
        }
        guard verdict.level > .none || verdict.anchor != nil else {
            verdict.proves = false
            if let absence, Self.endless.contains(verdict.code) { verdict.reason += "; \(absence)" }
            return verdict
        }
        guard let anchor = verdict.anchor, anchors.contains(anchor) else {
            let reason = "the CA that the certificate was valid by is not trusted any more"
            return verdict.failing("untrusted_issuer", absence.map { "\(reason); \($0)" } ?? reason, proves: false)
        }
        guard verdict.level > .none else { return verdict }
        guard let holdsUntil = verdict.holdsUntil, now <= holdsUntil else {
            let end = verdict.holdsUntil.map(\.description) ?? "an unknown time"
            return verdict.failing("expired", "the certificate, or a CA above it, expired at \(end): renew it")
        }
        return refusesUnknown ? current(verdict, at: now, grace) : verdict
    }

    /// The sentence that a certificate of a chain is known to be revoked; nil if none is.
    private func revocation(of chain: [ChainLink], at now: Timestamp) -> String? {
        for (depth, link) in chain.enumerated() {
            guard let list = KnownRevocations.newest(of: revocations[link.issuerKey] ?? [], at: now),
                list.revokes(link.serialNumber, at: now)
            else { continue }
            return "\(link.name(at: depth)) was revoked by \(list.issuer): issue a new one"
        }
        return nil
    }

    /// The verdict where the CRLs of its chain are required: with a warning while one is overdue, and without a level after
    /// the grace.
    private func current(_ verdict: CheckVerdict, at now: Timestamp, _ grace: Int64) -> CheckVerdict {
        var verdict = verdict
        var warnings: [String] = []
        for (depth, link) in verdict.chain.enumerated() {
            guard let list = KnownRevocations.newest(of: revocations[link.issuerKey] ?? [], at: now) else { continue }
            let state = list.state(at: now)
            switch state {
            case .current: continue
            case .overdue(let since) where now.seconds - since.seconds < grace:
                warnings.append(list.warning(overdueSince: since, until: since.adding(seconds: grace)))
            case .overdue, .notYetValid, .nonconforming:
                return verdict.failing(
                    "revocation_unknown",
                    "it is not known whether \(link.name(at: depth)) was revoked: \(state.words(of: list.issuer))"
                )
            }
        }
        if !warnings.isEmpty {
            verdict.warning = ([verdict.warning].compactMap(\.self) + warnings).joined(separator: "; ")
        }
        return verdict
    }

    /// A sentence about the CAs that the check names and that are missing; nil if none are.
    private var absence: String? {
        guard !missing.isEmpty else { return nil }
        let (are, were) = missing.count == 1 ? ("is", "it was") : ("are", "they were")
        return
            "\(missing.joined(separator: " and ")) \(are) not among the trusted CAs: \(were) removed, or never added: "
            + "posture-scorer ca list"
    }
}

extension KnownRevocations {
    /// The warning about a list that is overdue: the scorer's matter, and not the machine's.
    fileprivate func warning(overdueSince since: Timestamp, until end: Timestamp) -> String {
        "the scorer's CRL of \(issuer) is overdue since \(since): without a newer one the certificates that need it count "
            + "until \(end)"
    }
}

extension KnownRevocations.State {
    /// A sentence about a list of `issuer` that does not count, with what to do.
    fileprivate func words(of issuer: String) -> String {
        switch self {
        case .current: "the scorer's CRL of \(issuer) is up to date"
        case .nonconforming:
            "the scorer's CRL lacks a time or the number that RFC 5280 demands: provide a CRL of \(issuer) that conforms"
        case .notYetValid(let start):
            "the scorer's CRL is good only from \(start): set the clock right, which may be that of the CA, or provide a CRL "
                + "of \(issuer) that is valid now"
        case .overdue(let since):
            "the scorer's CRL was good until \(since), and its grace has passed: provide a CRL of \(issuer) that is newer, "
                + "and fetch it more often"
        }
    }
}

extension ChainLink {
    /// The certificate, in a sentence; the leaf has the depth 0.
    fileprivate func name(at depth: Int) -> String {
        "the \(depth == 0 ? "certificate" : "CA's certificate") with the serial number \(serialNumber)"
    }
}

extension CheckVerdict {
    /// The verdict with the level ``ProofLevel/none``, for this reason; it proves what it did, unless `proves` is false.
    fileprivate func failing(_ code: String, _ reason: String, proves: Bool = true) -> CheckVerdict {
        var verdict = self
        (verdict.level, verdict.code, verdict.reason, verdict.warning) = (.none, code, reason, nil)
        verdict.proves = verdict.proves && proves
        return verdict
    }
}
