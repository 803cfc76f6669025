internal import Logging
internal import ScorerModel
internal import ScorerStore

/// The inventory.
extension OperatorCommands {
    /// Imports an inventory, adding to what is there or replacing it, as a whole or not at all.
    ///
    /// - Throws: ``OperatorError`` if there is no room for it.
    package func importInventory(_ file: InventoryFile, replacing: Bool) async throws {
        let count = file.items.count == 1 ? "1 machine" : "\(file.items.count) machines"
        let entry = entry(.importInventory, "inventory", count + (replacing ? ", in the place of what was there" : ""))
        try await mappingStoreFull {
            try await store.importInventory(file.items, replacing: replacing, at: now, audit: entry)
        }
        log(.importInventory, entry)
    }
}

extension OperatorAction {
    static let importInventory = OperatorAction("inventory.import", "inventory imported")
}
