package import PostureModel

/// One thing by which a blocked device is known: whatever has it scores 0, until the device is unblocked.
package struct Block: Sendable, Hashable {
    /// What the value is.
    package enum Kind: String, Sendable, Codable {
        /// A device's id, and so its key.
        case device
        /// A certificate, as `issuerKey:serialNumber` of its ``ChainLink``.
        case certificate
        /// A serial number, in the form of ``Identifier``.
        case serial
    }

    /// What the value is.
    package let kind: Kind
    /// What is blocked.
    package let value: String
    /// The device that was blocked: its blocks go together.
    package let device: DeviceID
    /// Why, in the operator's words.
    package let reason: String
    /// Who blocked it.
    package let createdBy: String
    /// When.
    package let createdAt: Timestamp

    /// Creates a block.
    package init(
        kind: Kind,
        value: String,
        device: DeviceID,
        reason: String,
        createdBy: String,
        createdAt: Timestamp
    ) {
        self.kind = kind
        self.value = value
        self.device = device
        self.reason = reason
        self.createdBy = createdBy
        self.createdAt = createdAt
    }

    /// The most blocks that there can be: all of them are looked at for each score.
    package static let limit = 100_000
}

/// A rule that counts as met for one device, for a while.
package struct StoredWaiver: Sendable, Equatable {
    /// The device.
    package let device: DeviceID
    /// The rule's id.
    package let rule: String
    /// From when on the rule counts again.
    package let expiresAt: Timestamp
    /// Why, in the operator's words.
    package let reason: String
    /// Who waived it.
    package let createdBy: String
    /// When; it counts for no moment before.
    package let createdAt: Timestamp

    /// Creates a waiver.
    package init(
        device: DeviceID,
        rule: String,
        expiresAt: Timestamp,
        reason: String,
        createdBy: String,
        createdAt: Timestamp
    ) {
        self.device = device
        self.rule = rule
        self.expiresAt = expiresAt
        self.reason = reason
        self.createdBy = createdBy
        self.createdAt = createdAt
    }

    /// The most waivers that one device can have.
    package static let limit = 100
}

/// A machine of the company's, as its inventory has it.
package struct InventoryItem: Sendable, Equatable {
    /// The serial number, in the form of ``Identifier``.
    package let serial: String
    /// The name that the machine's certificate should have; nil if the inventory does not say.
    package let certificateName: String?
    /// What the company groups machines by; nil for none.
    package let tag: String?

    /// Creates an item.
    package init(serial: String, certificateName: String?, tag: String?) {
        self.serial = serial
        self.certificateName = certificateName
        self.tag = tag
    }

    /// The most items that there can be.
    package static let limit = 100_000
}

/// What an operator changed.
package struct AuditEntry: Sendable, Equatable, Identifiable {
    /// Random: two entries of one moment are two.
    package let id: String
    /// When.
    package let at: Timestamp
    /// Who, and by which way.
    package let actor: String
    /// What was done, such as `device.block`.
    package let action: String
    /// What it was done to, such as a device's id.
    package let subject: String
    /// What else there is to say, such as the reason; blank for nothing.
    package let detail: String

    /// Creates an entry, with a new id where none is given.
    package init(
        id: String = AuditEntry.newID(),
        at: Timestamp,
        actor: String,
        action: String,
        subject: String,
        detail: String = ""
    ) {
        self.id = id
        self.at = at
        self.actor = actor
        self.action = action
        self.subject = subject
        self.detail = detail
    }

    /// How many entries are kept: the newest.
    package static let limit = 100_000

    /// 128 random bits in base64url.
    package static func newID() -> String {
        Base64URL.encode((0..<16).map { _ in UInt8.random(in: .min ... .max) })
    }
}

/// What became of a token that was to be revoked.
package enum RevocationOutcome: Sendable, Equatable {
    case revoked(StoredToken)
    /// No token's hash begins so.
    case unknown
    /// More than one token's hash begins so; nothing changed.
    case ambiguous
}

/// A table is full: nothing changed.
package struct StoreFullError: Error, Sendable, CustomStringConvertible {
    /// A sentence that says what to do.
    package let description: String

    package init(_ description: String) { self.description = description }
}

extension AuditEntry: Encodable {
    private enum CodingKeys: String, CodingKey { case id, at, actor, action, subject, detail }

    /// Writes an entry for operators.
    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(id, forKey: .id)
        try object.encode(at, forKey: .at)
        try object.encode(actor, forKey: .actor)
        try object.encode(action, forKey: .action)
        try object.encode(subject, forKey: .subject)
        try object.encode(detail.printable(), forKey: .detail)
    }
}
