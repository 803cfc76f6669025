package import PostureModel
package import ScorerModel

/// A device as operators see it, without its score.
package struct ShownDevice: Sendable, Encodable {
    /// The device in short.
    package let summary: DeviceSummary
    /// What its newest report says; nil if there is none.
    package let facts: Facts?
    /// Its blocks.
    package let blocks: [Block]
    /// The rules that are waived for it now.
    package let waivers: [Waiver]

    private enum CodingKeys: String, CodingKey {
        case facts, blocks, waivers
    }

    /// Writes all of it into one object.
    package func encode(to encoder: any Encoder) throws {
        try summary.encode(to: encoder)
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encodeIfPresent(facts, forKey: .facts)
        try object.encode(blocks, forKey: .blocks)
        try object.encode(waivers, forKey: .waivers)
    }
}

extension Block: Encodable {
    private enum CodingKeys: String, CodingKey {
        case kind, value, reason
        case createdBy = "created_by"
        case createdAt = "created_at"
    }

    /// Writes a block for operators; its device is what it is shown with.
    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(kind, forKey: .kind)
        try object.encode(value, forKey: .value)
        try object.encode(reason, forKey: .reason)
        try object.encode(createdBy, forKey: .createdBy)
        try object.encode(createdAt, forKey: .createdAt)
    }
}

extension Waiver: Encodable {
    private enum CodingKeys: String, CodingKey {
        case rule, reason
        case expiresAt = "expires_at"
        case createdBy = "created_by"
        case createdAt = "created_at"
    }

    /// Writes a waiver for operators; its device is what it is shown with.
    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(rule, forKey: .rule)
        try object.encode(expiresAt, forKey: .expiresAt)
        try object.encode(reason, forKey: .reason)
        try object.encode(createdBy, forKey: .createdBy)
        try object.encode(createdAt, forKey: .createdAt)
    }
}
