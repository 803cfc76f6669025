internal import Blocking
internal import Collectors
internal import NSSBridge
internal import OpenSSLBridge
internal import PostureModel

/// Where the ids of the machine's WARP client are asked for, beside the configuration.
struct WARPIdentity: Sendable {
    /// The client itself; nil where the files are not this machine's.
    var client: WARPClient?
    /// The database in which the client keeps a certificate that has the device's id for a nickname.
    var database: String?
    /// What the client told last.
    var memory: WARPMemory?

    /// This machine's, with the memory in the directory of the device's key.
    static func system(keys: String) -> WARPIdentity {
        WARPIdentity(client: WARPClient(), database: "/etc/pki/nssdb", memory: WARPMemory(in: keys))
    }

    /// No client, no database and no memory.
    static let none = WARPIdentity(client: nil, database: nil)

    /// Asks the client, for at most a few seconds.
    func told(on queue: BlockingQueue) async -> WARPAnswer {
        guard let client else {
            return WARPAnswer(ids: .notApplicable(reason: "only the running WARP client tells"))
        }
        return (try? await queue.run { client.ids() })
            ?? WARPAnswer(ids: .unreadable(reason: "the WARP client was not asked"))
    }

    /// The nicknames of the certificates that WARP made for itself, where there is a client that did not tell; none where
    /// others may write into the database.
    ///
    /// A user who may import a certificate chooses its nickname: these ids are for the scorer to look a device up by, and
    /// no proof of anything. What one of `issuers` or a CA of the database issued is not WARP's.
    func kept(insteadOf told: Observation<[String]>, besides issuers: [Certificate]) async -> [String] {
        guard case .unreadable = told, let database,
            let contents = try? await CertificateSource.database(path: database, password: nil).contents(),
            contents.othersMayWrite == nil
        else { return [] }
        let authorities = issuers + contents.certificates.map(\.certificate).filter(\.isCA)
        return contents.certificates.filter { stored in
            stored.isOfWARP(warpIDs: [])
                && (stored.certificate.isSelfIssued || !authorities.contains(where: stored.certificate.names(issuer:)))
        }.compactMap(\.nickname)
    }

    /// Ids and others, each once: a report may have 8, of 128 bytes each, and the first ones are reported.
    static func merged(_ first: [String], _ others: [String]) -> [String] {
        var ids: [String] = []
        for id in first + others where (1...128).contains(id.utf8.count) {
            if !ids.contains(where: { $0.asciiLowercased == id.asciiLowercased }) { ids.append(id) }
        }
        return Array(ids.prefix(WARPIDs.limit))
    }
}
