package import PostureModel

/// A device that Cloudflare asks about.
///
/// Every field but the id may be blank, and all of them come from the asking machine's own WARP client.
package struct AskedDevice: Sendable, Equatable {
    /// The WARP client's device UUID: the key of the answer.
    package var deviceID: String
    /// The serial number, or blank.
    package var serialNumber: String
    /// The hardware address, or blank.
    package var macAddress: String
    /// The host name, or blank.
    package var hostname: String
    /// The user's e-mail address, or blank: for people, never for matching.
    package var email: String
    /// The address that WARP gave the machine, or blank: for people too.
    package var virtualIPv4: String

    /// Creates the description of a device.
    package init(
        deviceID: String,
        serialNumber: String = "",
        macAddress: String = "",
        hostname: String = "",
        email: String = "",
        virtualIPv4: String = ""
    ) {
        self.deviceID = deviceID
        self.serialNumber = serialNumber
        self.macAddress = macAddress
        self.hostname = hostname
        self.email = email
        self.virtualIPv4 = virtualIPv4
    }
}

/// Which of our devices is asked about, and how sure that is.
package enum Match: Sendable, Equatable {
    /// The device reported this very WARP id.
    case byWARPID(DeviceID)
    /// The device is known by this serial number, and nothing contradicts it. Corroborated where the row's MAC or
    /// host name is the device's too.
    case bySerial(DeviceID, isCorroborated: Bool)
    /// None, and why.
    case none(NoMatch)
}

/// Why none of our devices is the one that is asked about.
package enum NoMatch: Sendable, Equatable {
    /// Nobody has reported the WARP id or the serial number.
    case unknown
    /// The row contradicts what is known of the device that it names, as the sentence says.
    case contradiction(String)

    /// A sentence for a person.
    package var reason: String {
        switch self {
        case .unknown: "no device has reported this WARP id or serial number"
        case .contradiction(let reason): reason
        }
    }
}

/// What is known of a device that a row may mean.
package struct Known: Sendable {
    /// Its newest report.
    package var report: Report
    /// How well the claim is founded by which it was found: more is better.
    package var rank: Int
    /// Since when it is that well founded.
    package var since: Timestamp
    /// Whether a WARP id is bound to it, by whichever report.
    package var hasWARPID: Bool
    /// The good serial number that it claims, in lower case.
    package var serial: String?
    /// Whether its host name is bound to it and to no other device.
    package var ownsHostname: Bool

    /// The serial number that the machine's WARP client should read: the firmware's product serial number, or what the
    /// device claims in its place.
    fileprivate var expectedSerial: String? { report.facts.serials.product.value.flatMap(normalised) ?? serial }

    /// Creates what is known of a device.
    package init(
        report: Report,
        rank: Int = 1,
        since: Timestamp = Timestamp(seconds: 0),
        hasWARPID: Bool,
        serial: String? = nil,
        ownsHostname: Bool = true
    ) {
        self.report = report
        self.rank = rank
        self.since = since
        self.hasWARPID = hasWARPID
        self.serial = serial
        self.ownsHostname = ownsHostname
    }

    /// Whether one claim comes before another's to something else: better founded, or as well and earlier.
    fileprivate func comesBefore(_ other: Known) -> Bool {
        rank != other.rank ? rank > other.rank : since < other.since
    }
}

/// Finds the device that is asked about among those that claim the row's WARP id, and its serial number: of each the one
/// that it is bound to first.
///
/// WARP ids come first. A serial alone is weaker, since root on another machine can fake it. MAC and host name never decide:
/// they corroborate, or they tell that another claimant is meant. A contradiction costs the row its score, never the rightful
/// owner. Argued in docs/matching.md.
///
/// Where `serialContradicts`, a device whose firmware has another good serial number than the row is not meant.
package func match(
    _ asked: AskedDevice,
    byWARPID: [Known],
    bySerial: [Known],
    serialContradicts: Bool = true
) -> Match {
    let row = Row(asked)
    guard let known = byWARPID.first else { return row.match(bySerial) }
    let device = known.report.device
    if let owner = bySerial.first, owner.report.device != device {
        if let own = known.serial, own != row.serial {
            return .none(
                .contradiction("the WARP id is one device's, and the serial number another's: \(owner.report.device)")
            )
        }
        // Both claim the serial number. Whoever has it, and has the WARP id too or none at all, is not to lose its row to a
        // claim that is no better, and that says no more of the row.
        let claimsBoth = byWARPID.contains { $0.report.device == owner.report.device }
        if claimsBoth || !owner.hasWARPID, !known.comesBefore(owner), row.likeness(to: owner) >= row.likeness(to: known)
        {
            guard claimsBoth else { return row.match(bySerial) }
            return .none(
                .contradiction(
                    "two devices claim the WARP id and the serial number: \(device) and \(owner.report.device)"
                )
            )
        }
    }
    if serialContradicts, let serial = row.serial, let own = known.expectedSerial, own != serial {
        return .none(.contradiction("the device with this WARP id has reported another serial number"))
    }
    if let rival = row.rival(among: byWARPID) {
        return .none(
            .contradiction("two devices have reported this WARP id, and the rest speaks for the later one: \(rival)")
        )
    }
    return .byWARPID(device)
}

/// A row in the forms that are compared.
private struct Row {
    /// The serial number, unless it is junk.
    let serial: String?
    let mac: String?
    let host: String

    init(_ asked: AskedDevice) {
        serial = normalised(SerialNumber(asked.serialNumber))
        mac = MACAddress.normalised(asked.macAddress)
        host = shortName(asked.hostname)
    }

    func hasMAC(of known: Known) -> Bool {
        guard let mac else { return false }
        return known.report.facts.macs.value?.contains { $0.address == mac } == true
    }

    func hasHost(of known: Known) -> Bool {
        let facts = known.report.facts
        return !host.isEmpty
            && [facts.kernelHostname.value, facts.staticHostname.value].contains { name in
                name.map(shortName) == host
            }
    }

    /// The device that the row means by its serial number.
    func match(_ claimants: [Known]) -> Match {
        guard let known = claimants.first else { return .none(.unknown) }
        let report = known.report
        guard !known.hasWARPID, report.warpIDs.isEmpty else {
            return .none(.contradiction("the device with this serial number has reported another WARP id"))
        }
        if let rival = rival(among: claimants) {
            return .none(
                .contradiction("two devices claim this serial number, and the rest speaks for the later one: \(rival)")
            )
        }
        if mac == nil, host.isEmpty { return .bySerial(report.device, isCorroborated: false) }
        let (hasMAC, hasHost) = (hasMAC(of: known), hasHost(of: known))
        guard hasMAC || hasHost else {
            return .none(.contradiction("the device with this serial number has neither this MAC nor this host name"))
        }
        return .bySerial(report.device, isCorroborated: hasMAC || known.ownsHostname)
    }

    /// How much of the row is so of a claimant.
    func likeness(to known: Known) -> Int {
        (serial != nil && known.serial == serial ? 4 : 0) + (hasMAC(of: known) ? 2 : 0) + (hasHost(of: known) ? 1 : 0)
    }

    /// A claimant whose claim is as well founded as the first one's, and who is more like the row: nobody is meant for sure.
    ///
    /// Who is just as like does not stand in the first one's way, for anybody can say the same; nor does a weaker claim.
    func rival(among claimants: [Known]) -> DeviceID? {
        guard let owner = claimants.first else { return nil }
        return claimants.dropFirst()
            .first { $0.rank >= owner.rank && likeness(to: $0) > likeness(to: owner) }?.report.device
    }
}

private func normalised(_ serial: SerialNumber) -> String? {
    let text = serial.value.trimmed().lowercased()
    return text.isEmpty || serial.junkReason != nil ? nil : text
}

private func shortName(_ hostname: String) -> String {
    hostname.lowercased().split(separator: ".").first.map(String.init) ?? ""
}
