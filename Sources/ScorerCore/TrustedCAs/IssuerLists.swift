internal import OpenSSLBridge
internal import Scoring

/// The CRLs of a check by the keys of their issuers, as far as an issuer is at hand: what stored verdicts are held against.
struct IssuerLists {
    /// What is known to be revoked, by the SHA-256 of the issuer's key.
    let revocations: [String: [KnownRevocations]]
    /// The lists of which nothing is known before the next report brings their issuers along, each in a sentence.
    let complaints: [String]
    private let lists: [ObjectIdentifier]
    private let candidates: [ObjectIdentifier]
    /// Keep alive what the identifiers are of.
    private let kept: ([RevocationFiles.Entry], [Certificate])

    /// Finds the issuer of each list among `candidates`; `isStrict` is whether a list has to have what RFC 5280 demands, as
    /// with hard failure.
    init(_ lists: [RevocationFiles.Entry], _ candidates: [Certificate], isStrict: Bool) {
        let signers = candidates.filter { $0.keyUsage?.contains(.cRLSign) ?? true }
        var revocations: [String: [KnownRevocations]] = [:]
        var complaints: [String] = []
        for entry in lists {
            let list = entry.list
            guard list.isComplete else {
                complaints.append(
                    "the CRL of \(list.issuer) says only a part, or what changed: it takes effect with the next report only"
                )
                continue
            }
            guard let signer = signers.first(where: list.isSigned(by:)) else {
                complaints.append(
                    "the CRL of \(list.issuer) was signed by none of the check's trusted CAs and intermediates: it takes effect "
                        + "with the next report only; add its issuer to the check's intermediates"
                )
                continue
            }
            let known = KnownRevocations(
                issuer: list.issuer,
                serialNumbers: entry.serialNumbers,
                thisUpdate: list.thisUpdate,
                nextUpdate: isStrict && !list.isConforming ? nil : list.nextUpdate
            )
            revocations[signer.keyFingerprint, default: []].append(known)
        }
        self.revocations = revocations
        self.complaints = complaints
        self.lists = lists.map { ObjectIdentifier($0.list) }
        self.candidates = candidates.map(ObjectIdentifier.init)
        kept = (lists, candidates)
    }

    /// Whether these are the lists and certificates that this was made of.
    func isOf(_ lists: [RevocationFiles.Entry], _ candidates: [Certificate]) -> Bool {
        self.lists == lists.map { ObjectIdentifier($0.list) }
            && self.candidates == candidates.map(ObjectIdentifier.init)
    }
}
