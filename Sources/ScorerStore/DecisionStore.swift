package import PostureModel
package import ScorerModel

/// What operators decided, to be read; a ``Change`` writes it.
package protocol DecisionStore: Sendable {
    /// The blocks of a device, oldest first.
    func blocks(of device: DeviceID) async throws -> [Block]

    /// How many blocks there are.
    func blockCount() async throws -> Int

    /// The inventory in the order of the serial numbers, after one of them, at most `limit`.
    func inventory(after: String?, limit: Int) async throws -> [InventoryItem]

    /// The version of the inventory, which grows with each import; see ``Change/requireInventory(version:)``.
    func inventoryVersion() async throws -> Int64

    /// The enrolment tokens, newest first, at most `limit`.
    func tokens(limit: Int) async throws -> [EnrolmentToken]

    /// The enrolment tokens whose hash begins so, at most `limit`.
    func tokens(hashPrefix: String, limit: Int) async throws -> [EnrolmentToken]

    /// The trusted CAs, oldest first.
    func cas() async throws -> [StoredCA]

    /// The trusted CAs with these ids; those that there are not are left out.
    func cas(_ ids: Set<String>) async throws -> [StoredCA]

    /// What operators changed, newest first, at most `limit`: before the entry with the id `before`.
    func audit(limit: Int, before: String?) async throws -> [AuditEntry]
}
