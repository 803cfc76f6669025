package import PostureModel
internal import Scoring

/// The CRLs of this scorer that are out of date, for operators and metrics.
package struct RevocationStatus: Sendable, Equatable {
    /// A CRL that is out of date.
    package struct Overdue: Sendable, Hashable {
        /// The issuer's name.
        package let issuer: String
        /// When the next list was due.
        package let nextUpdate: Timestamp
        /// Whether a check requires the list: after the grace its certificates count for nothing.
        package let isRequired: Bool
    }

    /// The lists that are out of date, the oldest first.
    package let overdue: [Overdue]

    /// How many lists are out of date.
    package var count: Int { overdue.count }

    init(_ trust: Trust, at now: Timestamp) {
        let all = trust.checks.values.flatMap { $0.overdue(at: now) }
        let required = Set(all.filter(\.isRequired).map(\.issuer))
        overdue = Set(all).filter { $0.isRequired || !required.contains($0.issuer) }.sorted {
            ($0.nextUpdate, $0.issuer) < ($1.nextUpdate, $1.issuer)
        }
    }
}

extension Trust.Check {
    /// The lists that are out of date at a moment, in the order of their issuers' names.
    func overdue(at now: Timestamp) -> [RevocationStatus.Overdue] {
        revocations.values.compactMap { lists in
            guard let list = KnownRevocations.newest(of: lists, at: now),
                case .overdue(let since) = list.state(at: now)
            else { return nil }
            return .init(issuer: list.issuer, nextUpdate: since, isRequired: refusesUnknown)
        }.sorted { $0.issuer < $1.issuer }
    }
}
