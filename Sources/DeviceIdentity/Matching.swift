package import PostureModel
package import ScorerModel

/// A device that claims an identifier of a row.
package struct Claimant: Sendable {
    /// The device's record.
    package let record: DeviceRecord
    /// The device's newest report.
    package let report: Report
    /// The claim by which the device was found.
    package let claim: Claim

    package init(record: DeviceRecord, report: Report, claim: Claim) {
        self.record = record
        self.report = report
        self.claim = claim
    }

    fileprivate var device: DeviceID { record.device }

    fileprivate var hasWARPID: Bool { !record.claims(.warp).isEmpty }

    /// The serial number that the machine's WARP client should read: the firmware's product serial number, or what the
    /// device claims in its place.
    fileprivate var expectedSerial: String? { report.facts.serials.product.value.flatMap(normalised) ?? record.serial }

    /// Whether its claim comes before that of another device to something else: stronger, or as strong and older.
    fileprivate func comesBefore(_ other: Claimant) -> Bool {
        claim.strength != other.claim.strength ? claim.strength > other.claim.strength : claim.since < other.claim.since
    }
}

/// Finds the device that a row means among those that claim the row's WARP id and its serial number.
///
/// The WARP id comes first. A serial number alone is weaker, since root on another machine can make it up. MAC address and host
/// name never decide: they corroborate, or they tell that another claimant is meant. A contradiction costs the row its score, and
/// never another row. docs/matching.md has the argument.
///
/// - Parameters:
///   - asked: The row.
///   - byWARPID: The devices that claim its WARP id, the holder first.
///   - bySerial: The devices that claim its serial number, the holder first.
///   - serialContradicts: Whether a device whose firmware has another good serial number than the row is not meant.
/// - Returns: the device, or why there is none.
package func match(
    _ asked: PostureRow,
    byWARPID: [Claimant],
    bySerial: [Claimant],
    serialContradicts: Bool = true
) -> Match {
    let row = ComparedRow(asked)
    guard let known = byWARPID.first else { return row.match(bySerial) }
    if let holder = bySerial.first, holder.device != known.device {
        if let own = known.record.serial, own != row.serial { return .none(.serialHeldByAnother(holder.device)) }
        // Both claim the serial number. Its holder, where it has the WARP id too or none at all, does not lose its row to a claim
        // that is no stronger and says no more of the row.
        let claimsBoth = byWARPID.contains { $0.device == holder.device }
        if claimsBoth || !holder.hasWARPID, !known.comesBefore(holder),
            row.likeness(to: holder) >= row.likeness(to: known)
        {
            return claimsBoth ? .none(.claimedTwice(known.device, holder.device)) : row.match(bySerial)
        }
    }
    if serialContradicts, let serial = row.serial, let own = known.expectedSerial, own != serial {
        return .none(.otherSerialReported)
    }
    if let rival = row.rival(among: byWARPID) { return .none(.warpIDRival(rival)) }
    return .byWARPID(known.device)
}

/// A row in the forms that are compared.
private struct ComparedRow {
    /// The serial number, unless it is a placeholder.
    let serial: String?
    let mac: String?
    let host: String?

    init(_ asked: PostureRow) {
        serial = normalised(SerialNumber(asked.serialNumber))
        mac = MACAddress.normalised(asked.macAddress)
        host = Hostname(asked.hostname)?.shortLabel
    }

    func hasMAC(of known: Claimant) -> Bool {
        guard let mac else { return false }
        return known.report.facts.macs.value?.contains { $0.address == mac } == true
    }

    func hasHost(of known: Claimant) -> Bool {
        guard let host else { return false }
        let facts = known.report.facts
        return [facts.kernelHostname, facts.staticHostname].contains { name in
            name.value.flatMap(Hostname.init)?.shortLabel == host
        }
    }

    /// The device that the row means by its serial number.
    func match(_ claimants: [Claimant]) -> Match {
        guard let known = claimants.first else { return .none(.unknown) }
        guard !known.hasWARPID, known.report.warpIDs.isEmpty else { return .none(.otherWARPIDReported) }
        if let rival = rival(among: claimants) { return .none(.serialRival(rival)) }
        if mac == nil, host == nil { return .bySerial(known.device, isCorroborated: false) }
        let (hasMAC, hasHost) = (hasMAC(of: known), hasHost(of: known))
        guard hasMAC || hasHost else { return .none(.nothingCorroborates) }
        let holdsHostname = known.record.claims(.hostname).contains(where: \.isHeld)
        return .bySerial(known.device, isCorroborated: hasMAC || holdsHostname)
    }

    /// How much of the row agrees with a claimant.
    func likeness(to known: Claimant) -> Int {
        (serial != nil && known.record.serial == serial ? 4 : 0) + (hasMAC(of: known) ? 2 : 0)
            + (hasHost(of: known) ? 1 : 0)
    }

    /// A claimant as strong as the first one that agrees with more of the row: then neither is meant for sure.
    ///
    /// One that agrees with as much does not count, since any device can report the same; nor does a weaker claim.
    func rival(among claimants: [Claimant]) -> DeviceID? {
        guard let holder = claimants.first else { return nil }
        return claimants.dropFirst()
            .first { $0.claim.strength >= holder.claim.strength && likeness(to: $0) > likeness(to: holder) }?.device
    }
}

private func normalised(_ serial: SerialNumber) -> String? {
    let text = serial.value.trimmed().lowercased()
    return text.isEmpty || serial.junkReason != nil ? nil : text
}
