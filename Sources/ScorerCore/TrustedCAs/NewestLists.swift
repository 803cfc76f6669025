internal import Logging
internal import OpenSSLBridge
internal import PostureModel
internal import ScorerModel
internal import ScorerStore

/// The newest revocation list of each issuer, of all that this scorer and the others on its store have seen.
///
/// The store keeps them, so that no scorer goes back to an older list: not by an older file, and not by a restart.
actor NewestLists {
    private let store: any ServiceStore
    private let logger: Logger
    private var newest: [ListPlace: RevocationEntry] = [:]
    private var lookedAt: Timestamp?
    /// What was looked at last.
    private var files: [RevocationEntry] = []
    private var candidates: [Certificate] = []
    /// The lists of the store that cannot be read, by their places, which is said once.
    private var unreadable: [String: StoredCRL] = [:]

    init(store: any ServiceStore, logger: Logger) { (self.store, self.logger) = (store, logger) }

    /// Takes the lists of files that one of these CAs signed, and those that other scorers kept, which are looked for once a
    /// second at most.
    ///
    /// - Parameters:
    ///   - files: The lists of all files.
    ///   - candidates: The CAs of all checks that have files.
    ///   - now: The moment.
    /// - Returns: the newest list in each place.
    /// - Throws: what the store throws.
    func update(_ files: [RevocationEntry], signedBy candidates: [Certificate], at now: Timestamp) async throws
        -> [ListPlace: RevocationEntry]
    {
        let isRecent = lookedAt.map { abs(now.seconds(since: $0)) < 1 } ?? false
        if isRecent, self.files.areSame(as: files), self.candidates.areSame(as: candidates) { return newest }
        let signers = candidates.filter(\.maySignLists)
        for stored in try await store.crls() { take(stored, signedBy: signers, at: now) }
        for entry in files where entry.hasBegun(at: now) && !entry.list.isDelta {
            guard let signer = signers.first(where: entry.list.isSigned(by:)), let thisUpdate = entry.list.thisUpdate
            else { continue }
            let place = ListPlace(entry, issuerKey: signer.keyFingerprint)
            guard entry.isNewer(than: newest[place]) else { continue }
            let crl = StoredCRL(issuerKey: place.name, thisUpdate: thisUpdate, der: entry.list.der)
            let kept = try await store.keep(crl)
            if kept != crl { take(kept, signedBy: signers, at: now) }
            // Unless the other one is newer, and can be read.
            put(entry, at: place)
        }
        (lookedAt, self.files, self.candidates) = (now, files, candidates)
        return newest
    }

    /// Takes a list of the store if its issuer is at hand, and its time has come: a scorer with a wrong clock may have kept it.
    private func take(_ stored: StoredCRL, signedBy signers: [Certificate], at now: Timestamp) {
        let issuerKey = ListPlace.issuerKey(of: stored.issuerKey)
        let known = newest.first { $0.key.name == stored.issuerKey }?.value
        guard known?.list.thisUpdate.map({ $0 < stored.thisUpdate }) ?? true,
            let signer = signers.first(where: { $0.keyFingerprint == issuerKey })
        else { return }
        guard unreadable[stored.issuerKey] != stored else { return }
        guard let list = try? RevocationList.parse(stored.der).first, list.isSigned(by: signer) else {
            logger.error("a CRL in the database cannot be read", metadata: ["issuer": "\(signer.subject)"])
            unreadable[stored.issuerKey] = stored
            return
        }
        let entry = RevocationEntry(list)
        guard entry.hasBegun(at: now) else { return }
        put(entry, at: ListPlace(entry, issuerKey: issuerKey))
    }

    private func put(_ entry: RevocationEntry, at place: ListPlace) {
        if entry.isNewer(than: newest[place]) { newest[place] = entry }
    }
}

extension Certificate {
    /// Whether the key usage permits to sign revocation lists.
    var maySignLists: Bool { keyUsage?.contains(.cRLSign) ?? true }
}
