internal import DeviceIdentity
internal import Logging
internal import PostureModel
internal import ScorerModel
internal import ScorerStore

/// The inventory.
extension OperatorCommands {
    /// Imports an inventory, adding to what is there or replacing it, as a whole or not at all.
    ///
    /// What a line that changes made a device hold is only reported until the next report.
    ///
    /// - Throws: ``OperatorError`` if there is no room for it, and where other imports came in between at every attempt.
    package func importInventory(_ file: InventoryFile, replacing: Bool) async throws {
        let count = file.items.count == 1 ? "1 machine" : "\(file.items.count) machines"
        let entry = entry(.importInventory, "inventory", count + (replacing ? ", in the place of what was there" : ""))
        for attempt in 1... {
            // What another import changes in between is read again, and not deleted unseen.
            let version = try await store.inventoryVersion()
            let known = try await inventory()
            do {
                try await importInventory(file, replacing: replacing, over: known, version: version, entry)
                break
            } catch let error as OperatorError {
                guard error == Self.moved, attempt < 12 else { throw error }
            }
        }
        log(.importInventory, entry)
    }

    private func importInventory(
        _ file: InventoryFile,
        replacing: Bool,
        over known: [String: InventoryItem],
        version: Int64,
        _ entry: AuditEntry
    ) async throws {
        let new = Dictionary(file.items.map { ($0.serial, $0) }) { first, _ in first }
        guard (replacing ? new.count : Set(known.keys).union(new.keys).count) <= InventoryItem.limit else {
            throw OperatorError(
                .conflict,
                "the inventory would have more than \(InventoryItem.limit) machines: replace it with a smaller one"
            )
        }
        let expected = Set(
            known.values.flatMap { line in line.expectations(until: new[line.serial], replacing: replacing) }
        )
        try await decide(attempts: 1, from: .init(identifiers: expected)) { snapshot in
            // Also what has nothing to lose: no report is to be confirmed in between by the line that goes.
            let claims = expected.sorted().map { Change.claims(snapshot.claims(to: $0).withoutExpectation) }
            let changes: [Change] = [
                .requireInventory(version: version), .importInventory(file.items, replacing: replacing, at: now),
            ]
            return (commit: Commit(changes + claims, audit: entry), result: ())
        }
    }

    /// The whole inventory by serial number, at most ``InventoryItem/limit`` lines.
    private func inventory() async throws -> [String: InventoryItem] {
        var items: [String: InventoryItem] = [:]
        var last: String?
        repeat {
            let page = try await store.inventory(after: last, limit: 10_000)
            for item in page { items[item.serial] = item }
            last = page.last?.serial
        } while last != nil
        return items
    }
}

extension InventoryItem {
    /// The identifiers that this line made a device hold, and that the line in its place does not.
    fileprivate func expectations(until next: InventoryItem?, replacing: Bool) -> [Identifier] {
        guard certificateName != nil, next != nil || replacing else { return [] }
        let isRenamed = next?.certificateName != certificateName
        let isMoved = isRenamed || next?.warpID != warpID
        return (isRenamed ? [Identifier(stored: .serial, serial)] : [])
            + (isMoved ? warpID.map { [Identifier(stored: .warp, $0)] } ?? [] : [])
    }
}

extension OperatorAction {
    static let importInventory = OperatorAction("inventory.import", "inventory imported")
}
