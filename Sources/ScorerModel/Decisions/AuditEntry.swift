package import PostureModel

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
