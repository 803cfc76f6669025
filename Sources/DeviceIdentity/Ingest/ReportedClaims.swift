package import PostureModel
package import ScorerModel

/// The identifiers of a report, and how well each is founded.
package enum ReportedClaims {
    /// The good serial number and the WARP ids of a report, each once.
    package static func identifiers(of report: Report) -> [Identifier] {
        var ids: [String] = []
        if WARPReading(report) == .read { ids = report.warpIDs.value?.ids ?? [] }
        let warp = ids.prefix(WARPIDs.limit).compactMap { Identifier(.warp, $0) }
        var seen: Set<Identifier> = []
        return ([Identifier.serial(of: report)].compactMap { $0 } + warp).filter { seen.insert($0).inserted }
    }

    /// How well identifiers are founded: by the certificates that the device proves, and by the inventory.
    ///
    /// - Parameters:
    ///   - reported: The identifiers that the report carries.
    ///   - verdicts: The verdicts; those count whose ``CheckVerdict/proves`` is true.
    ///   - inventory: The inventory's line for the serial number that the report carries.
    /// - Returns: the strengths; the WARP id of an inventory line that is expected is among them, also if it is not reported.
    package static func strengths(
        reported: [Identifier],
        verdicts: [CheckVerdict],
        inventory: InventoryItem?
    ) -> [Identifier: ClaimStrength] {
        let proven = verdicts.filter(\.proves)
        var strengths: [Identifier: ClaimStrength] = [:]
        for identifier in reported {
            let isCarried = proven.contains { verdict in
                identifier.kind.variable.flatMap { verdict.bound[$0] }
                    .flatMap { Identifier(identifier.kind, $0) } == identifier
            }
            strengths[identifier] = isCarried ? .carried : proven.isEmpty ? .reported : .proven
        }
        guard let inventory, let name = inventory.certificateName,
            proven.contains(where: { $0.commonName?.lowercased() == name.lowercased() })
        else { return strengths }
        let serial = Identifier(stored: .serial, inventory.serial)
        guard reported.contains(serial) else { return strengths }
        strengths[serial] = .expected
        if let id = inventory.warpID { strengths[Identifier(stored: .warp, id)] = .expected }
        return strengths
    }
}

extension Identifier.Kind {
    /// The variable of a certificate check's names that stands for an identifier of this kind; nil where there is none.
    fileprivate var variable: String? {
        switch self {
        case .warp: "device_uuid"
        case .serial: "serial_number"
        case .key: nil
        }
    }
}
