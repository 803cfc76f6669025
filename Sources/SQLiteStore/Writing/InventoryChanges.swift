internal import GRDB
internal import PostureModel
internal import ScorerModel

/// Writes the inventory.
extension ChangeWriter {
    /// Adds lines, or replaces all of them, and takes the tags that no line gives any more from the devices.
    func importInventory(_ items: [InventoryItem], _ replacing: Bool, _ now: Timestamp) throws -> CommitOutcome {
        if replacing {
            let kept = Set(items.map(\.serial))
            let tagged = try String.fetchAll(database, sql: "SELECT serial FROM inventory WHERE tag IS NOT NULL")
            for serial in tagged where !kept.contains(serial) { try removeTags(ofLine: serial, except: nil) }
            try database.execute(sql: "DELETE FROM inventory")
        }
        for item in items {
            try removeTags(ofLine: item.serial, except: item.tag)
            try run(
                """
                INSERT INTO inventory (serial, certificate_name, tag, warp_id, imported_at) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (serial) DO UPDATE SET certificate_name = excluded.certificate_name, tag = excluded.tag,
                    warp_id = excluded.warp_id, imported_at = excluded.imported_at
                """,
                [item.serial, item.certificateName, item.tag, item.warpID, now.microseconds]
            )
        }
        _ = try set(Self.inventoryVersion, "\(SnapshotReader.inventoryVersion(database) + 1)")
        return condition(try count("inventory") <= InventoryItem.limit)
    }

    /// The name under which the store keeps how often the inventory has changed.
    static let inventoryVersion = "inventory_version"

    /// Takes the tags that a line of the inventory gave, but for one, from the devices that have them by this line.
    private func removeTags(ofLine serial: String, except tag: String?) throws {
        let condition = "DELETE FROM device_tag WHERE origin = 'inventory' AND serial = ?"
        guard let tag else {
            try run(condition, [serial])
            return
        }
        try run("\(condition) AND name <> ?", [serial, tag])
    }
}
