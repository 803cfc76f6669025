internal import OpenSSLBridge
package import PostureModel
package import ScorerModel
package import ScorerStore

/// The fleet and what waits for an operator, at one glance.
package struct StatusReport: Sendable {
    /// The devices by the age of their newest reports.
    package let devices: FleetCounts
    /// Everything that is counted of identities.
    package let identities: IdentityCounts
    /// The lists of revoked certificates that are out of date, with their issuers.
    package let overdueCRLs: [OverdueCRL]
    /// The changes that wait for approval.
    package let pendingChanges: [PendingChange]
}

/// A list of revoked certificates whose successor is due.
package struct OverdueCRL: Sendable, Equatable, Encodable {
    /// The issuer's name.
    package let issuer: String
    /// When the next list was due.
    package let due: Timestamp
}

/// Rows, conflicts and notices, counted.
package struct IdentityCounts: Sendable, Equatable {
    /// Cloudflare's rows by how they are linked, and the devices by what they say of their WARP ids.
    package var links: LinkCounts
    /// How many rows Cloudflare asked about last without a match.
    package var unmatched: Int
    /// How many identifiers more devices claim than may hold them, by kind.
    package var conflicts: [Identifier.Kind: Int]
    /// How many notices there are, by kind.
    package var notices: [IdentityNotice.Kind: Int]

    /// Seconds for which a row counts since it was asked about last: Cloudflare does not ask while a machine is off.
    package static let rowAge: Int64 = 86_400
    /// The most conflicts that are looked through for certificate keys which more devices claim than may hold them.
    private static let conflictLimit = 10_000
    /// The most unmatched rows that are counted.
    package static let unmatchedLimit = 10_000

    /// Counts what a store has.
    package init(of store: any ScorerDatabase, at now: Timestamp) async throws {
        links = try await store.linkCounts(askedSince: now.adding(seconds: -Self.rowAge))
        unmatched = try await store.unmatched(limit: Self.unmatchedLimit).count
        conflicts = try await store.conflictCounts()
        if conflicts[.key] != nil {
            let keys = try await store.contestedClaims(limit: Self.conflictLimit).count { $0.identifier.kind == .key }
            conflicts[.key] = keys > 0 ? keys : nil
        }
        notices = try await store.noticeCounts()
    }

    /// How many devices cannot tell their WARP ids.
    package var cannotTell: Int { links.readings[.cannotTell] ?? 0 }
}

/// The state of the fleet.
extension OperatorCommands {
    /// The fleet and what waits for an operator.
    package func status() async throws -> StatusReport {
        StatusReport(
            devices: try await store.counts(at: now),
            identities: try await IdentityCounts(of: store, at: now),
            overdueCRLs: try await overdueCRLs(),
            pendingChanges: try await pendingChanges()
        )
    }

    private func overdueCRLs() async throws -> [OverdueCRL] {
        try await store.crls().flatMap { stored in
            ((try? RevocationList.parse(stored.der)) ?? []).compactMap { list in
                guard let due = list.nextUpdate, due <= now else { return nil }
                return OverdueCRL(issuer: list.issuer.printable(limit: 256), due: due)
            }
        }.sorted { $0.due < $1.due }
    }
}
