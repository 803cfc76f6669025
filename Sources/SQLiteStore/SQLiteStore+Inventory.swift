internal import GRDB
package import PostureModel
package import ScorerModel

/// The company's machines, by their serial numbers.
extension SQLiteStore {
    /// All or nothing, in one transaction.
    package func importInventory(
        _ items: [InventoryItem],
        replacing: Bool,
        at now: Timestamp,
        audit: AuditEntry
    ) async throws {
        let names = Dictionary(items.map { ($0.serial, $0.certificateName) }) { first, _ in first }
        try await pool.write { database in
            let before = try Row.fetchAll(database, sql: "SELECT * FROM inventory").map(item)
            if replacing { try database.execute(sql: "DELETE FROM inventory") }
            let insertion = try database.makeStatement(
                sql: """
                    INSERT INTO inventory (serial, certificate_name, tag, imported_at) VALUES (?, ?, ?, ?)
                    ON CONFLICT (serial) DO UPDATE SET certificate_name = excluded.certificate_name,
                        tag = excluded.tag, imported_at = excluded.imported_at
                    """
            )
            for item in items {
                try insertion.execute(arguments: [item.serial, item.certificateName, item.tag, now.microseconds])
            }
            guard try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM inventory") ?? 0 <= InventoryItem.limit else {
                throw StoreFullError(
                    "the inventory would have more than \(InventoryItem.limit) machines: replace it with a smaller one"
                )
            }
            // Whom the inventory confirmed under another name, it does not confirm now.
            let changed = before.filter { item in
                names[item.serial].map { $0 != item.certificateName } ?? replacing
            }
            try database.execute(
                sql: """
                    UPDATE claim SET rank = ? WHERE kind = 'serial' AND rank = ? AND value IN (SELECT value FROM json_each(?))
                    """,
                arguments: [Rank.claimed.rawValue, Rank.inventory.rawValue, try json(changed.map(\.serial))]
            )
            try audit.insert(database)
        }
    }

    /// One query, however many are asked for.
    package func inventory(_ serials: Set<String>) async throws -> [String: InventoryItem] {
        let asked = try json(serials.sorted())
        let items = try await pool.read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT i.* FROM json_each(?) AS asked JOIN inventory AS i ON i.serial = asked.value",
                arguments: [asked]
            ).map(item)
        }
        return Dictionary(items.map { ($0.serial, $0) }) { first, _ in first }
    }

    /// One page, by primary key.
    package func inventory(after: String?, limit: Int) async throws -> [InventoryItem] {
        try await pool.read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT * FROM inventory WHERE serial > ? ORDER BY serial LIMIT ?",
                arguments: [after ?? "", limit]
            ).map(item)
        }
    }
}

private func item(_ row: Row) -> InventoryItem {
    InventoryItem(serial: row["serial"], certificateName: row["certificate_name"], tag: row["tag"])
}
