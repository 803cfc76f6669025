package import PostureModel
package import ScorerModel

/// The claims of a report: a good serial number, WARP ids and a host name.
package enum ReportedClaims {
    /// How many WARP ids of a report are taken.
    static let warpLimit = 8

    /// The identifiers of a report, those of one kind in the order of the report.
    package static func identifiers(of report: Report) -> [Identifier] {
        let warp = report.warpIDs.prefix(warpLimit).compactMap { Identifier(.warp, $0) }
        var seen: Set<Identifier> = []
        return ([Identifier.serial(of: report), Identifier.hostname(of: report)].compactMap { $0 } + warp)
            .filter { seen.insert($0).inserted }
    }

    /// How well each identifier of a report is founded: by the certificates that the report proves, and by `inventory`, the
    /// line of its serial number.
    package static func strengths(
        of verified: VerifiedReport,
        inventory: InventoryItem?
    ) -> [(identifier: Identifier, strength: ClaimStrength)] {
        let proven = verified.checks.filter { $0.level == .proven }
        return identifiers(of: verified.report).map { identifier in
            if identifier.kind == .serial, let expected = inventory?.certificateName {
                let isProven = proven.contains { $0.commonName?.lowercased() == expected.lowercased() }
                return (identifier, isProven ? .expected : .contradicted)
            }
            let isCarried = proven.contains { verdict in
                verdict.bound[identifier.kind.variable].flatMap { Identifier(identifier.kind, $0) } == identifier
            }
            return (identifier, isCarried ? .carried : proven.isEmpty ? .reported : .reportedByProvenDevice)
        }
    }
}

extension Identifier.Kind {
    /// The variable of a certificate check's names that stands for an identifier of this kind.
    fileprivate var variable: String {
        switch self {
        case .warp: "device_uuid"
        case .serial: "serial_number"
        case .hostname: "hostname"
        }
    }
}
