package import PostureModel

extension Trust {
    /// The verdicts of a report as they count at `now`: one for each check, in the order of the checks' ids.
    ///
    /// A verdict never gets better than it was at the receipt.
    package func verdicts(of report: VerifiedReport, at now: Timestamp) -> [CheckVerdict] {
        checks.sorted { $0.key < $1.key }.map { id, check in
            check.verdict(id, report.checks.first { $0.id == id }, at: now)
        }
    }
}

extension Trust.Check {
    /// The codes of a chain that does not end at a trusted CA, perhaps because the CA was removed.
    private static let endless: Set<String?> = ["issuer_unknown", "untrusted_issuer"]

    fileprivate func verdict(_ id: String, _ stored: CheckVerdict?, at now: Timestamp) -> CheckVerdict {
        if anchors.isEmpty, let absence {
            let verdict = stored ?? CheckVerdict(id: id, level: .none, reason: "")
            return verdict.failing("untrusted_issuer", absence)
        }
        guard var verdict = stored else {
            return CheckVerdict(id: id, level: .none, reason: "the newest report is from before this check was made")
        }
        guard verdict.level > .none else {
            if let absence, Self.endless.contains(verdict.code) { verdict.reason += "; \(absence)" }
            return verdict
        }
        guard let anchor = verdict.anchor, anchors.contains(anchor) else {
            let reason = "the CA that the certificate was valid by is not trusted any more"
            return verdict.failing("untrusted_issuer", absence.map { "\(reason); \($0)" } ?? reason)
        }
        guard let holdsUntil = verdict.holdsUntil, now <= holdsUntil else {
            let end = verdict.holdsUntil.map(\.description) ?? "an unknown time"
            return verdict.failing("expired", "the certificate, or a CA above it, expired at \(end): renew it")
        }
        for (depth, link) in verdict.chain.enumerated() {
            guard let list = KnownRevocations.best(of: revocations[link.issuerKey] ?? [], at: now) else { continue }
            let kind = depth == 0 ? "certificate" : "CA's certificate"
            let which = "the \(kind) with the serial number \(link.serialNumber)"
            if list.serialNumbers.contains(link.serialNumber) {
                return verdict.failing("revoked", "\(which) was revoked by \(list.issuer): issue a new one")
            }
            if refusesUnknown, !list.isCurrent(at: now) {
                return verdict.failing(
                    "revocation_unknown",
                    "it is not known whether \(which) was revoked: \(list.flaw(at: now).words(of: list.issuer))"
                )
            }
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
    /// The reason for which a list is not current.
    fileprivate enum Flaw {
        case nonconforming
        case notYetValid(Timestamp)
        case expired(Timestamp)

        /// A sentence about the list of `issuer`, with what to do.
        func words(of issuer: String) -> String {
            switch self {
            case .nonconforming:
                "the CRL lacks a time or the number that RFC 5280 demands: provide a CRL of \(issuer) that conforms"
            case .notYetValid(let start):
                "the CRL is good only from \(start): set the clock right, which may be that of the CA, or provide a CRL of "
                    + "\(issuer) that is valid now"
            case .expired(let end):
                "the CRL was good until \(end): provide a CRL of \(issuer) that is newer, and fetch it more often"
            }
        }
    }

    fileprivate func flaw(at now: Timestamp) -> Flaw {
        guard let thisUpdate, let nextUpdate else { return .nonconforming }
        return now < thisUpdate ? .notYetValid(thisUpdate) : .expired(nextUpdate)
    }
}

extension CheckVerdict {
    /// The verdict with the level ``ProofLevel/none``, for this reason.
    fileprivate func failing(_ code: String, _ reason: String) -> CheckVerdict {
        var verdict = self
        (verdict.level, verdict.code, verdict.reason, verdict.warning) = (.none, code, reason, nil)
        return verdict
    }
}
