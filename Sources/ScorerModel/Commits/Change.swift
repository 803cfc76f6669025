package import PostureModel

/// A change to what the store keeps.
///
/// A change holds only on its condition; where that fails, the commit that it belongs to changes nothing.
package enum Change: Sendable, Equatable {
    /// Writes a device's own part but for its report. The version has to be the stored one, 0 for a new device.
    case device(DeviceRecord)
    /// Writes a device's own part with its report, and the names it is found by.
    ///
    /// The version has to be the stored one; and the nonce newer than that of the stored report, unless that was issued more
    /// than an hour after this report was received.
    case report(DeviceRecord, names: [DeviceName])
    /// Deletes a device with its waivers, names, tags, notices and the use of a row. The version has to be the stored one.
    case deleteDevice(DeviceID, version: Int64)
    /// Gives a device that is known tags, besides those that it has and up to ``DeviceTag/limit``: what is beyond is left out. A
    /// tag by the inventory has to be the one that the line gives.
    case tag(DeviceID, [DeviceTag])
    /// Takes all tags with one of these names from a device, whatever their origins.
    case untag(DeviceID, names: [String])
    /// Remembers a notice of a device that is known; one of the same device, kind and other party stays as it is, and one beyond
    /// ``IdentityNotice/limit`` is left out.
    case notice(IdentityNotice)
    /// Forgets the notices of a device.
    case clearNotices(DeviceID)
    /// Gives the score of a device that is known to a row, or to none; the row in use has to be this one, nil for none, and where
    /// a time is given, it has to be that of the last question that is saved.
    case use(DeviceID, RowUse?, insteadOf: String?, askedAt: Timestamp? = nil)
    /// Writes all claims to an identifier. The version has to be the stored one.
    case claims(ClaimSet)
    /// Changes nothing; the inventory has to expect a certificate of this name for a serial number, or none where it is nil.
    case requireExpectation(serial: String, certificateName: String?)
    /// Changes nothing; the inventory has to be of this version.
    case requireInventory(version: Int64)
    /// Takes one use of a token, which has to have one left and to last beyond `at`.
    case useToken(hash: String, at: Timestamp)
    /// Counts one more device that registered by a certificate; fewer than `limit` have to be counted.
    case countRegistration(fingerprint: String, limit: Int)
    /// Adds an enrolment token, of whose hash there is none.
    case addToken(EnrolmentToken)
    /// Removes an enrolment token that there is.
    case removeToken(hash: String)
    /// Adds a trusted CA; there has to be none with its certificates, and fewer than `limit`.
    case addCA(StoredCA, limit: Int)
    /// Removes a trusted CA that there is.
    case removeCA(id: String)
    /// Adds a block, or gives the one that there is its new reason; there have to be fewer than ``Block/limit``.
    case block(Block)
    /// Removes all blocks of a device that has some.
    case unblock(DeviceID)
    /// Adds a waiver to a device that is known, in place of an earlier one of the rule; the device may have no more than
    /// ``Waiver/limit``.
    case waive(Waiver)
    /// Removes a waiver that there is.
    case removeWaiver(DeviceID, rule: String)
    /// Adds lines to the inventory, each in place of the one with its serial number, or of all lines; there may be no more
    /// than ``InventoryItem/limit``. A tag that a line gave and gives no more is taken from the devices that have it by this line.
    case importInventory([InventoryItem], replacing: Bool, at: Timestamp)
    /// Keeps a text under a name that has none.
    case newSetting(name: String, text: String)
    /// Keeps a text under a name, or forgets it.
    case setting(name: String, text: String?)
}

/// Changes that are made together or not at all, with what the audit says of them.
package struct Commit: Sendable, Equatable {
    /// The changes, made in this order.
    package var changes: [Change]
    /// The entry in the audit; nil for what no operator did.
    package var audit: AuditEntry?

    package init(_ changes: [Change], audit: AuditEntry? = nil) {
        self.changes = changes
        self.audit = audit
    }
}

/// The outcome of a commit.
package enum CommitOutcome: Sendable, Equatable {
    /// All changes are made, and durable.
    case committed
    /// A report was not newer than the stored one; nothing changed.
    case stale
    /// The condition of a change does not hold, since something moved in between; nothing changed. Load and decide again.
    case conflict
}
