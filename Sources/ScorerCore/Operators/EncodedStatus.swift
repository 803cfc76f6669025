internal import PostureModel
package import ScorerModel

extension StatusReport: Encodable {
    private enum CodingKeys: String, CodingKey {
        case devices, rows, conflicts, notices
        case warpIDs = "warp_ids"
        case overdueCRLs = "overdue_crls"
        case pendingChanges = "pending_changes"
    }

    private enum DeviceKeys: String, CodingKey {
        case earlier, never, retired, newest
        case withinHour = "within_hour"
        case withinDay = "within_day"
    }

    private enum RowKeys: String, CodingKey {
        case links, agreeing, unmatched
        case agreeingInNothing = "agreeing_in_nothing"
    }

    /// Rows of one kind of link.
    private struct Link: Encodable {
        var link: Identifier.Kind
        var claim: ClaimStrength
        var rows: Int
    }

    private struct Change: Encodable {
        var subject: PendingChange.Subject
        var passing: Int
        var failing: Int
        var since: Timestamp
    }

    /// Writes the report for operators; every kind is there, also where there are none.
    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        var fleet = object.nestedContainer(keyedBy: DeviceKeys.self, forKey: .devices)
        try fleet.encode(devices.withinHour, forKey: .withinHour)
        try fleet.encode(devices.withinDay, forKey: .withinDay)
        try fleet.encode(devices.earlier, forKey: .earlier)
        try fleet.encode(devices.never, forKey: .never)
        try fleet.encode(devices.retired, forKey: .retired)
        try fleet.encodeIfPresent(devices.newest, forKey: .newest)
        let links = identities.links
        var rows = object.nestedContainer(keyedBy: RowKeys.self, forKey: .rows)
        try rows.encode(
            LinkCounts.Link.all.map { Link(link: $0.kind, claim: $0.strength, rows: links.rows[$0] ?? 0) },
            forKey: .links
        )
        try rows.encode(links.agreeing.named, forKey: .agreeing)
        try rows.encode(links.agreeingInNothing, forKey: .agreeingInNothing)
        try rows.encode(identities.unmatched, forKey: .unmatched)
        try object.encode(links.readings.named, forKey: .warpIDs)
        let conflicts = identities.conflicts
        try object.encode(
            Dictionary(uniqueKeysWithValues: Identifier.Kind.allCases.map { ($0.rawValue, conflicts[$0] ?? 0) }),
            forKey: .conflicts
        )
        try object.encode(identities.notices.named, forKey: .notices)
        try object.encode(overdueCRLs, forKey: .overdueCRLs)
        try object.encode(
            pendingChanges.map { change in
                Change(
                    subject: change.subject,
                    passing: change.impact.passing,
                    failing: change.impact.failing,
                    since: change.since
                )
            },
            forKey: .pendingChanges
        )
    }
}

extension LinkCounts.Link {
    /// The kinds of link that a row can have, the strongest first.
    package static let all =
        ClaimStrength.allCases.reversed().map { LinkCounts.Link(.warp, $0) }
        + ClaimStrength.allCases.reversed().map { LinkCounts.Link(.serial, $0) }
}

extension [IdentityNotice.Kind: Int] {
    fileprivate var named: [String: Int] { IdentityNotice.Kind.allCases.counts { self[$0] } }
}

extension [AgreeingField: Int] {
    fileprivate var named: [String: Int] { AgreeingField.allCases.counts { self[$0] } }
}

extension [WARPReading: Int] {
    fileprivate var named: [String: Int] { WARPReading.allCases.counts { self[$0] } }
}

extension Collection where Element: RawRepresentable<String> {
    fileprivate func counts(_ count: (Element) -> Int?) -> [String: Int] {
        Dictionary(uniqueKeysWithValues: map { ($0.rawValue, count($0) ?? 0) })
    }
}
