package import PostureModel
package import ScorerModel

/// What operators decide, and who decided what.
///
/// A change and its entry in the audit are one transaction; what changes nothing leaves no entry.
package protocol OperatorStore: Sendable {
    /// The devices in the order of their ids, after one of them, at most `limit`; with `silentSince`, those that have
    /// not reported after that moment.
    func devices(after: DeviceID?, limit: Int, silentSince: Timestamp?) async throws -> [DeviceSummary]

    /// A device in short; nil if it is not known.
    func device(_ id: DeviceID) async throws -> DeviceSummary?

    /// The devices that a person may mean by this text, at most `limit`: those with this id, or else those whose id
    /// begins so, or whose newest report has this serial number or host name. Devices that are blocked and no longer
    /// known are among them.
    func devices(named text: String, limit: Int) async throws -> [DeviceSummary]

    /// Deletes a device with everything about it but its blocks.
    ///
    /// - Returns: whether it was known.
    func forget(_ device: DeviceID, audit: AuditEntry) async throws -> Bool

    /// All blocks, oldest first.
    func blocks() async throws -> [Block]

    /// Adds blocks; one that is there already gets the new reason.
    ///
    /// - Throws: ``StoreFullError`` beyond ``Block/limit``.
    func block(_ blocks: [Block], audit: AuditEntry) async throws

    /// Removes all blocks of a device.
    ///
    /// - Returns: how many there were.
    func unblock(_ device: DeviceID, audit: AuditEntry) async throws -> Int

    /// The waivers of these devices that count at a moment, each device's in the order of the rules' ids.
    func waivers(of devices: Set<DeviceID>, at now: Timestamp) async throws -> [DeviceID: [StoredWaiver]]

    /// Waives a rule for a device, in the place of an earlier waiver of that rule.
    ///
    /// - Returns: whether the device is known.
    /// - Throws: ``StoreFullError`` beyond ``StoredWaiver/limit``.
    func waive(_ waiver: StoredWaiver, audit: AuditEntry) async throws -> Bool

    /// Ends a waiver, expired or not.
    ///
    /// - Returns: whether there was one.
    func revokeWaiver(of device: DeviceID, rule: String, audit: AuditEntry) async throws -> Bool

    /// Adds items to the inventory, each in the place of what was there with its serial number; with `replacing`, in
    /// the place of everything that was there.
    ///
    /// - Throws: ``StoreFullError`` beyond ``InventoryItem/limit``; then nothing was imported.
    func importInventory(
        _ items: [InventoryItem],
        replacing: Bool,
        at now: Timestamp,
        audit: AuditEntry
    ) async throws

    /// The items with these serial numbers; those that there are not are left out.
    func inventory(_ serials: Set<String>) async throws -> [String: InventoryItem]

    /// The inventory in the order of the serial numbers, after one of them, at most `limit`.
    func inventory(after: String?, limit: Int) async throws -> [InventoryItem]

    /// Deletes the enrolment token whose hash begins so.
    func revokeToken(_ hashPrefix: String, audit: AuditEntry) async throws -> RevocationOutcome

    /// What operators changed, newest first, at most `limit`: before the entry with the id `before`.
    func audit(limit: Int, before: String?) async throws -> [AuditEntry]
}

extension OperatorStore {
    /// The devices in the order of their ids, after one of them, at most `limit`.
    package func devices(after: DeviceID?, limit: Int) async throws -> [DeviceSummary] {
        try await devices(after: after, limit: limit, silentSince: nil)
    }
}
