internal import FoundationEssentials
public import PostureModel
public import ReportStore

/// The CAs that checks can trust: what the command line and the operators' listener do with them.
public struct TrustedCAs: Sendable {
    private let store: any ReportStore

    /// Creates the CAs of a store.
    public init(store: any ReportStore) {
        self.store = store
    }

    /// Adds a CA under a new id.
    ///
    /// - Throws: ``TrustedCAError`` if its certificates are there already, or there are as many CAs as there may be; else
    ///   what the store throws.
    public func add(_ ca: TrustedCA, at now: Timestamp) async throws -> TrustedCARecord {
        let stored = StoredAuthority(
            id: UUID().uuidString.lowercased(),
            name: ca.name,
            certificates: ca.pem,
            digest: ca.digest,
            addedAt: now
        )
        switch try await store.add(stored, limit: TrustedCA.limit) {
        case .added: return TrustedCARecord(stored)
        case .duplicate(let id):
            throw TrustedCAError(.conflict, "these very certificates are trusted already, with the id \(id)")
        case .full:
            throw TrustedCAError(.conflict, "there are \(TrustedCA.limit) trusted CAs already: remove one first")
        }
    }

    /// All of them, oldest first.
    public func all() async throws -> [TrustedCARecord] {
        try await store.authorities().map(TrustedCARecord.init)
    }

    /// The CA with this id.
    ///
    /// - Throws: ``TrustedCAError`` if there is none; else what the store throws.
    public func show(_ id: String) async throws -> TrustedCARecord {
        guard let uuid = Self.id(id), let stored = try await store.authorities([uuid]).first else {
            throw TrustedCAError.unknown(id)
        }
        return TrustedCARecord(stored)
    }

    /// Removes the CA with this id: from the next score on, nothing is valid by it.
    ///
    /// - Throws: ``TrustedCAError`` if there is none; else what the store throws.
    public func remove(_ id: String) async throws -> TrustedCARecord {
        guard let uuid = Self.id(id), let stored = try await store.removeAuthority(uuid) else {
            throw TrustedCAError.unknown(id)
        }
        return TrustedCARecord(stored)
    }

    /// The id in the form in which it is stored; nil if this is no UUID.
    static func id(_ text: String) -> String? {
        UUID(uuidString: text)?.uuidString.lowercased()
    }
}
