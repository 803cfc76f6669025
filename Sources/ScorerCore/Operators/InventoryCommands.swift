internal import DeviceIdentity
internal import Logging
internal import PostureModel
internal import ScorerModel
internal import ScorerStore

/// The inventory.
extension OperatorCommands {
    /// Imports an inventory, adding to what is there or replacing it, as a whole or not at all.
    ///
    /// A certificate that was expected under another name confirms nothing any more.
    ///
    /// - Throws: ``OperatorError`` if there is no room for it.
    package func importInventory(_ file: InventoryFile, replacing: Bool) async throws {
        let count = file.items.count == 1 ? "1 machine" : "\(file.items.count) machines"
        let entry = entry(.importInventory, "inventory", count + (replacing ? ", in the place of what was there" : ""))
        let names = Dictionary(file.items.map { ($0.serial, $0.certificateName) }) { first, _ in first }
        var known = Set(names.keys)
        if replacing { known.formUnion(try await inventorySerials()) }
        guard (replacing ? names.count : try await inventorySerials().union(names.keys).count) <= InventoryItem.limit
        else {
            throw OperatorError(
                .conflict,
                "the inventory would have more than \(InventoryItem.limit) machines: replace it with a smaller one"
            )
        }
        let identifiers = Set(known.map { Identifier(stored: .serial, $0) })
        try await decide(from: .init(identifiers: identifiers)) { snapshot in
            let changed = snapshot.inventory.values.filter { item in
                names[item.serial].map { $0 != item.certificateName } ?? replacing
            }
            let claims = changed.compactMap { item -> Change? in
                let claims = snapshot.claims(to: Identifier(stored: .serial, item.serial))
                // Also what has nothing to lose: no report is to be confirmed in between by the line that goes.
                guard item.certificateName != nil || claims.withoutExpectation != claims else { return nil }
                return .claims(claims.withoutExpectation)
            }
            return (Commit([.importInventory(file.items, replacing: replacing, at: now)] + claims, audit: entry), ())
        }
        log(.importInventory, entry)
    }

    /// The serial numbers of the inventory, at most ``InventoryItem/limit``.
    private func inventorySerials() async throws -> Set<String> {
        var serials: Set<String> = []
        var last: String?
        repeat {
            let page = try await store.inventory(after: last, limit: 10_000)
            serials.formUnion(page.map(\.serial))
            last = page.last?.serial
        } while last != nil
        return serials
    }
}

extension OperatorAction {
    static let importInventory = OperatorAction("inventory.import", "inventory imported")
}
