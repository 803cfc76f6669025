package import PostureModel

/// A change by an operator.
package struct AuditEntry: Sendable, Equatable, Identifiable {
    /// Random: two entries of one moment are two.
    package let id: String
    /// When.
    package let at: Timestamp
    /// The operator, and by which way.
    package let actor: String
    /// The action, such as `device.block`.
    package let action: String
    /// Its subject, such as a device's id.
    package let subject: String
    /// The details, such as the reason; blank for none.
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
    static func newID() -> String {
        Base64URL.encode((0..<16).map { _ in UInt8.random(in: .min ... .max) })
    }
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
