internal import FoundationEssentials
internal import Logging
internal import PostureModel
internal import ScorerModel
internal import ScorerStore

/// The CAs that checks can trust: what the command line and the operators' listener do with them.
package struct TrustedCAs: Sendable {
    private let operators: OperatorCommands
    private var store: any ScorerDatabase { operators.store }

    /// Creates the commands of an operator about the CAs of a store.
    package init(_ operators: OperatorCommands) {
        self.operators = operators
    }

    /// Adds a CA under a new id.
    ///
    /// - Throws: ``OperatorError`` if its certificates are there already, or there are as many CAs as there may be; else
    ///   what the store throws.
    package func add(_ ca: TrustedCA) async throws -> TrustedCARecord {
        let stored = StoredCA(
            id: UUID().uuidString.lowercased(),
            name: ca.name,
            certificates: ca.pem,
            digest: ca.digest,
            addedAt: operators.now
        )
        let known = try await store.cas()
        if let same = known.first(where: { $0.digest == stored.digest }) {
            throw OperatorError(.conflict, "these very certificates are trusted already, with the id \(same.id)")
        }
        guard known.count < TrustedCA.limit else {
            throw OperatorError(.conflict, "there are \(TrustedCA.limit) trusted CAs already: remove one first")
        }
        try await operators.commit([.addCA(stored, limit: TrustedCA.limit)], .addCA, stored.id, stored.name)
        return TrustedCARecord(stored)
    }

    /// All of them, oldest first.
    package func all() async throws -> [TrustedCARecord] {
        try await store.cas().map(TrustedCARecord.init)
    }

    /// The CA with this id.
    ///
    /// - Throws: ``OperatorError`` if there is none; else what the store throws.
    package func show(_ id: String) async throws -> TrustedCARecord {
        guard let uuid = Self.id(id), let stored = try await store.cas([uuid]).first else {
            throw Self.unknown(id)
        }
        return TrustedCARecord(stored)
    }

    /// Removes the CA with this id: from the next score on, nothing is valid by it.
    ///
    /// - Throws: ``OperatorError`` if there is none; else what the store throws.
    package func remove(_ id: String) async throws -> TrustedCARecord {
        let shown = try await show(id)
        try await operators.commit([.removeCA(id: shown.id)], .removeCA, shown.id, shown.name)
        return shown
    }

    private static func unknown(_ id: String) -> OperatorError {
        OperatorError(.notFound, "no trusted CA has the id \(id.printable(limit: 64))", .listCAs)
    }

    /// The id in the form in which it is stored; nil if this is no UUID.
    package static func id(_ text: String) -> String? {
        UUID(uuidString: text)?.uuidString.lowercased()
    }
}

extension OperatorAction {
    static let addCA = OperatorAction("ca.add", "trusted CA added")
    static let removeCA = OperatorAction("ca.remove", "trusted CA removed")
}
