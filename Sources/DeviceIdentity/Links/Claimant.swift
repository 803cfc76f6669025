package import PostureModel
package import ScorerModel

/// A device that claims an identifier of a row, with what counts of its newest report at this moment.
package struct Claimant: Sendable {
    /// The device's record.
    package let record: DeviceRecord
    /// The device's newest report.
    package let report: Report
    /// The verdicts as they count now: ``CheckVerdict/proves`` is false for a key that counts for another device.
    package let verdicts: [CheckVerdict]
    /// Whether the newest report is not stale.
    package let isLive: Bool

    /// Creates a claimant.
    package init(record: DeviceRecord, report: Report, verdicts: [CheckVerdict], isLive: Bool) {
        (self.record, self.report, self.verdicts, self.isLive) = (record, report, verdicts, isLive)
    }

    var device: DeviceID { record.device }

    /// What the newest report says of the WARP ids.
    var reading: WARPReading { WARPReading(report) }

    /// The firmware's product serial number of the newest report, which is what WARP reads; nil for a placeholder.
    var productSerial: String? { report.facts.serials.product.value.flatMap { Identifier(.serial, $0.value)?.value } }

    /// Whether the newest report read an id.
    func reads(_ id: Identifier) -> Bool { reading == .read && record.reported.contains(id) }

    /// The strength of the link by an identifier as the newest report and the trust of this moment found it; nil if there is
    /// none.
    ///
    /// A claim that an operator assigned by value, and one that the inventory expects, count without the report, but not while
    /// the agent reads another WARP id.
    func strength(of identifier: Identifier) -> ClaimStrength? {
        guard let claim = record.claim(to: identifier)?.claim else { return nil }
        let readsAnother = identifier.kind == .warp && reading == .read && !reads(identifier)
        if claim.strength == .assigned, !readsAnother { return .assigned }
        let founded = ReportedClaims.strengths(
            reported: record.reported,
            verdicts: verdicts,
            inventory: record.inventory
        )
        return readsAnother ? nil : founded[identifier]
    }

    /// Whether a certificate that the device proves carries the product serial number.
    var carriesProductSerial: Bool {
        guard let productSerial else { return false }
        return verdicts.contains { verdict in
            verdict.proves
                && verdict.bound["serial_number"].flatMap { Identifier(.serial, $0)?.value } == productSerial
        }
    }
}
