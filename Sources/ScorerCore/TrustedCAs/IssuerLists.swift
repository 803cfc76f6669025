internal import OpenSSLBridge
internal import Scoring

/// The CRLs of a check: those that its certificates are judged by, and of them those that stored verdicts are held against.
struct IssuerLists: Sendable {
    /// The lists that the certificates of a message are judged by.
    let lists: [RevocationList]
    /// The known revocations, by the SHA-256 of the issuer's key.
    let revocations: [String: [KnownRevocations]]
    /// The lists that take effect with the next report only, each in a sentence.
    let complaints: [String]

    /// Finds the lists of the CAs `candidates`: the newest ones, and of the files those that have no place among them, such as
    /// those of a CA that only reports bring along.
    ///
    /// - Parameters:
    ///   - files: The lists of the check's files.
    ///   - newest: The newest list in each place.
    ///   - candidates: The check's trusted CAs and intermediates.
    ///   - isStrict: Whether a list has to have what RFC 5280 demands, as with hard failure.
    init(
        _ files: [RevocationEntry],
        newest: [ListPlace: RevocationEntry],
        _ candidates: [Certificate],
        isStrict: Bool
    ) {
        let signers = candidates.filter(\.maySignLists)
        let keys = Set(signers.map(\.keyFingerprint))
        let placed = newest.filter { keys.contains($0.key.issuerKey) }
        var complaints: [String] = []
        var lists: [RevocationList] = []
        // A list of the future stands for an issuer that has no other: it is not known then what is revoked.
        var waiting: [ListPlace: RevocationEntry] = [:]
        for entry in files {
            let list = entry.list
            guard let signer = signers.first(where: list.isSigned(by:)) else {
                complaints.append(
                    "the CRL of \(list.issuer) was signed by none of the check's trusted CAs and intermediates: it takes effect "
                        + "with the next report only; add its issuer to the check's intermediates"
                )
                lists.append(list)
                continue
            }
            if !list.isComplete {
                complaints.append(
                    "the CRL of \(list.issuer) says only a part, or what changed: it takes effect with the next report only"
                )
            }
            // What has no place: one without a date, and what changed since another.
            if list.thisUpdate == nil || list.isDelta { lists.append(list) }
            let place = ListPlace(entry, issuerKey: signer.keyFingerprint)
            if place.part == nil, !placed.keys.contains(where: { $0.issuerKey == place.issuerKey }) {
                waiting[place] = Self.newer(waiting[place], entry)
            }
        }
        var revocations: [String: [KnownRevocations]] = [:]
        let complete = placed.filter { $0.key.part == nil }.merging(waiting) { first, _ in first }
        for (issuer, entries) in Dictionary(grouping: complete, by: \.key.issuerKey) {
            let allowed = entries.filter { !isStrict || $0.key.isConforming }
            // With hard failure a list that does not conform is better than none: what it lists is revoked.
            guard
                let entry = (allowed.isEmpty ? entries : allowed).map(\.value).reduce(
                    nil as RevocationEntry?,
                    Self.newer
                )
            else { continue }
            lists.append(entry.list)
            revocations[issuer] = [KnownRevocations(entry, isStrict: isStrict)]
        }
        lists += placed.filter { $0.key.part != nil }.map(\.value.list)
        (self.lists, self.revocations, self.complaints) = (lists, revocations, complaints)
    }

    private static func newer(_ best: RevocationEntry?, _ entry: RevocationEntry) -> RevocationEntry? {
        entry.isNewer(than: best) ? entry : best
    }
}

extension KnownRevocations {
    fileprivate init(_ entry: RevocationEntry, isStrict: Bool) {
        self.init(
            issuer: entry.list.issuer,
            serialNumbers: entry.serialNumbers,
            thisUpdate: entry.list.thisUpdate,
            nextUpdate: isStrict && !entry.isConforming ? nil : entry.list.nextUpdate
        )
    }
}
