package import DeviceIdentity
internal import PostureModel
package import ScorerModel
package import Scoring

extension Standing {
    /// What the store knows of a device, in the terms of scores.
    package init(_ stored: StoredReport) {
        let (device, known) = (stored.report.report.device, stored.standing)
        self.init(
            disqualification: known.block.map { reason in
                known.blockedWith == device || known.blockedWith == nil
                    ? "an operator has blocked this device: \(reason)"
                    : "an operator has blocked its certificate or serial number with the device \(known.blockedWith?.rawValue ?? ""): \(reason)"
            }
                ?? known.clonedAt.map { Self.twoMachines(device, since: $0) },
            serial: Self.ownership(known, of: device),
            tags: known.tag.map { [$0] } ?? [],
            waivers: known.waivers.map {
                Waiver(rule: $0.rule, until: Timestamp(microseconds: $0.until), reason: $0.reason)
            },
            failingSince: known.failingSince
        )
    }

    private static func twoMachines(_ device: DeviceID, since: Timestamp) -> String {
        "two machines report with this device's key since \(since): give one of them a key of its own (apt purge postured, "
            + "and install it again), then run 'posture-scorer clones clear \(device)'"
    }

    private static func ownership(_ known: StoredStanding, of device: DeviceID) -> SerialOwnership {
        guard let serial = known.serial else { return .unbound }
        if known.serialOwner == device { return .own }
        let resolve = "if this is its machine, an operator runs 'posture-scorer conflicts resolve \(device)'"
        guard known.serialOwner != nil else {
            return .another("the inventory expects another certificate for the serial number \(serial): \(resolve)")
        }
        return .another("the serial number \(serial) belongs to another device: \(resolve)")
    }
}

extension Evidence {
    /// What a score is made of; `age` leaves out the scorer's own outages.
    package init(_ stored: StoredReport, age: Int64) {
        self.init(report: stored.report, receivedAt: stored.receivedAt, age: age, standing: Standing(stored))
    }
}

extension Known {
    /// What matching looks at.
    package init(_ stored: StoredReport) {
        self.init(
            report: stored.report.report,
            rank: stored.claim?.rank.rawValue ?? 0,
            since: stored.claim?.since ?? stored.receivedAt,
            hasWARPID: stored.standing.hasWARPID,
            serial: stored.standing.serial,
            ownsHostname: stored.standing.ownsHostname
        )
    }
}
