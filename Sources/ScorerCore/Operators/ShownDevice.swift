package import PostureModel
package import ScorerModel

/// A device as operators see it, without its score.
package struct ShownDevice: Sendable, Encodable {
    /// The device in short.
    package let summary: DeviceSummary
    /// What its newest report says; nil if there is none.
    package let facts: Facts?
    /// What its newest report says of its WARP ids; nil if there is none.
    package let warpIDs: Observation<WARPIDs>?
    /// What it claims, with the holders.
    package let identifiers: [HeldIdentifier]
    /// Cloudflare's row that gets its score; nil if there is none.
    package let use: RowUse?
    /// The tags that put it into groups.
    package let tags: [DeviceTag]
    /// What operators should know of its identity.
    package let notices: [IdentityNotice]
    /// How many keys it replaced.
    package let replacedKeys: Int
    /// Its blocks.
    package let blocks: [Block]
    /// The blocks of other devices that cover it: it has one of their keys or identifiers.
    package let othersBlocks: [Block]
    /// The rules that are waived for it now.
    package let waivers: [Waiver]

    /// Describes a device that was deleted, of which nothing but its blocks is kept.
    init(summary: DeviceSummary, blocks: [Block]) {
        (self.summary, self.blocks) = (summary, blocks)
        (facts, warpIDs, use) = (nil, nil, nil)
        (identifiers, tags, notices, replacedKeys, othersBlocks, waivers) = ([], [], [], 0, [], [])
    }

    /// Describes a device with its record.
    init(
        summary: DeviceSummary,
        record: DeviceRecord,
        report: Report?,
        identifiers: [HeldIdentifier],
        blocks: [Block],
        now: Timestamp
    ) {
        (self.summary, self.identifiers, self.blocks) = (summary, identifiers, blocks)
        (facts, use) = (report?.facts, record.use)
        if let reported = report?.warpIDs, reported != .notReported { warpIDs = reported } else { warpIDs = nil }
        (tags, notices, replacedKeys) = (record.tags.sortedByName, record.notices, record.replacedKeys.count)
        othersBlocks = record.blocks.filter { $0.device != record.device }
        waivers = record.waivers.filter { $0.counts(at: now) }
    }

    private enum CodingKeys: String, CodingKey {
        case facts, identifiers, tags, notices, blocks, waivers
        case warpIDs = "reported_warp_ids"
        case use = "row_in_use"
        case replacedKeys = "replaced_keys"
        case othersBlocks = "blocked_with"
    }

    /// Writes all of it into one object.
    package func encode(to encoder: any Encoder) throws {
        try summary.encode(to: encoder)
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encodeIfPresent(facts, forKey: .facts)
        try object.encodeIfPresent(warpIDs, forKey: .warpIDs)
        try object.encode(identifiers, forKey: .identifiers)
        try object.encodeIfPresent(use, forKey: .use)
        try object.encode(tags, forKey: .tags)
        try object.encode(notices, forKey: .notices)
        try object.encode(replacedKeys, forKey: .replacedKeys)
        try object.encode(blocks, forKey: .blocks)
        if !othersBlocks.isEmpty { try object.encode(othersBlocks.map(\.device), forKey: .othersBlocks) }
        try object.encode(waivers, forKey: .waivers)
    }
}

extension RowUse: Encodable {
    private enum CodingKeys: String, CodingKey {
        case row = "device_id"
        case kind = "link"
        case strength = "claim"
        case agreeing
        case askedAt = "asked_at"
    }

    /// Writes a row in use for operators; its device is what it is shown with.
    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(row.printable(limit: 128), forKey: .row)
        try object.encode(kind, forKey: .kind)
        try object.encode(strength, forKey: .strength)
        try object.encode(agreeing.map(\.rawValue).sorted(), forKey: .agreeing)
        try object.encode(askedAt, forKey: .askedAt)
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
