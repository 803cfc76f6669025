internal import FoundationEssentials
internal import PostureModel
internal import ScorerModel
internal import ScorerStore

/// The CAs that checks can trust: what the command line and the operators' listener do with them.
package struct TrustedCAs: Sendable {
    private let operators: OperatorCommands
    private var store: any ReportStore { operators.store }

    /// The CAs of somebody's store, who changes them.
    package init(_ operators: OperatorCommands) {
        self.operators = operators
    }

    /// Adds a CA under a new id.
    ///
    /// - Throws: ``TrustedCAError`` if its certificates are there already, or there are as many CAs as there may be; else
    ///   what the store throws.
    package func add(_ ca: TrustedCA) async throws -> TrustedCARecord {
        let stored = StoredAuthority(
            id: UUID().uuidString.lowercased(),
            name: ca.name,
            certificates: ca.pem,
            digest: ca.digest,
            addedAt: operators.now
        )
        let entry = operators.entry(.addCA, stored.id, stored.name)
        switch try await store.add(stored, limit: TrustedCA.limit, audit: entry) {
        case .added:
            operators.log(.addCA, entry)
            return TrustedCARecord(stored)
        case .duplicate(let id):
            throw TrustedCAError(.conflict, "these very certificates are trusted already, with the id \(id)")
        case .full:
            throw TrustedCAError(.conflict, "there are \(TrustedCA.limit) trusted CAs already: remove one first")
        }
    }

    /// All of them, oldest first.
    package func all() async throws -> [TrustedCARecord] {
        try await store.authorities().map(TrustedCARecord.init)
    }

    /// The CA with this id.
    ///
    /// - Throws: ``TrustedCAError`` if there is none; else what the store throws.
    package func show(_ id: String) async throws -> TrustedCARecord {
        guard let uuid = Self.id(id), let stored = try await store.authorities([uuid]).first else {
            throw TrustedCAError.unknown(id)
        }
        return TrustedCARecord(stored)
    }

    /// Removes the CA with this id: from the next score on, nothing is valid by it.
    ///
    /// - Throws: ``TrustedCAError`` if there is none; else what the store throws.
    package func remove(_ id: String) async throws -> TrustedCARecord {
        let shown = try await show(id)
        let entry = operators.entry(.removeCA, shown.id, shown.name)
        guard let stored = try await store.removeAuthority(shown.id, audit: entry) else {
            throw TrustedCAError.unknown(id)
        }
        operators.log(.removeCA, entry)
        return TrustedCARecord(stored)
    }

    /// The id in the form in which it is stored; nil if this is no UUID.
    package static func id(_ text: String) -> String? {
        UUID(uuidString: text)?.uuidString.lowercased()
    }
}
