internal import Blocking
internal import Collectors
internal import NSSBridge
internal import PostureModel

/// Where the ids of the machine's WARP client are asked for, beside the configuration.
struct WARPIdentity: Sendable {
    /// The client itself; nil where the files are not this machine's.
    var client: WARPClient?
    /// The database in which the client keeps a certificate that has the device's id for a nickname.
    var database: String?

    /// This machine's.
    static let system = WARPIdentity(client: WARPClient(), database: "/etc/pki/nssdb")
    /// Nobody's.
    static let none = WARPIdentity(client: nil, database: nil)

    /// Asks the client for at most a few seconds, and looks for its certificate where it does not tell.
    func ids(on queue: BlockingQueue) async -> Observation<[String]> {
        guard let client else { return .notApplicable(reason: "only the running WARP client tells") }
        let told = (try? await queue.run { client.ids() }) ?? .unreadable(reason: "the WARP client was not asked")
        if case .observed = told { return told }
        let kept = await certificateNames()
        return kept.isEmpty ? told : .observed(kept)
    }

    /// The nicknames of WARP's own certificates; none where others may write into the database.
    private func certificateNames() async -> [String] {
        guard let database,
            let contents = try? await CertificateSource.database(path: database, password: nil).contents(),
            contents.othersMayWrite == nil
        else { return [] }
        return contents.certificates.filter { $0.isOfWARP(warpIDs: []) }.compactMap(\.nickname)
    }

    /// The configured ids and those of the client, each once: a report may have 8, of 128 bytes each.
    static func merged(_ configured: [String], _ client: Observation<[String]>) -> [String] {
        var ids: [String] = []
        for id in configured + (client.value ?? []) where (1...128).contains(id.utf8.count) {
            if !ids.contains(where: { $0.asciiLowercased == id.asciiLowercased }) { ids.append(id) }
        }
        return Array(ids.prefix(8))
    }
}
