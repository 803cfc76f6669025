public import PostureModel

/// A device that Cloudflare asks about.
///
/// Every field but the id may be blank, and all of them come from the asking machine's own WARP client.
public struct AskedDevice: Sendable, Equatable {
    /// The WARP client's device UUID: the key of the answer.
    public var deviceID: String
    /// The serial number, or blank.
    public var serialNumber: String
    /// The hardware address, or blank.
    public var macAddress: String
    /// The host name, or blank.
    public var hostname: String

    /// Creates the description of a device.
    public init(deviceID: String, serialNumber: String = "", macAddress: String = "", hostname: String = "") {
        self.deviceID = deviceID
        self.serialNumber = serialNumber
        self.macAddress = macAddress
        self.hostname = hostname
    }
}

/// Which of our devices is asked about, and how sure that is.
public enum Match: Sendable, Equatable {
    /// The device reported this very WARP id.
    case byWARPID(DeviceID)
    /// The device is known by this serial number, and nothing contradicts it. Corroborated where the row's MAC or
    /// host name is the device's too.
    case bySerial(DeviceID, isCorroborated: Bool)
    /// None, with the reason in words.
    case none(String)
}

/// Finds the device that is asked about among those that the store knows by the row's WARP id or serial number.
///
/// WARP ids come first. A serial alone is weaker, since root on another machine can fake it: it is no match if its
/// device has ever reported a WARP id, which the row's then is not, or if the row names a MAC or a host name and the
/// device has none of them. A contradiction costs the row its score, never the rightful owner.
public func match(_ asked: AskedDevice, byWARPID: Known?, bySerial: Known?) -> Match {
    if let known = byWARPID { return .byWARPID(known.report.device) }
    guard let known = bySerial else { return .none("no device has reported this WARP id or serial number") }
    let report = known.report
    guard !known.hasWARPID, report.warpIDs.isEmpty else {
        return .none("the device with this serial number has reported another WARP id")
    }
    let mac = MACAddress.normalised(asked.macAddress)
    let host = shortName(asked.hostname)
    if mac == nil, host.isEmpty { return .bySerial(report.device, isCorroborated: false) }
    let macs = report.facts.macs.value?.map(\.address) ?? []
    let hosts = [report.facts.kernelHostname.value, report.facts.staticHostname.value].compactMap { $0.map(shortName) }
    guard mac.map(macs.contains) == true || (!host.isEmpty && hosts.contains(host)) else {
        return .none("the device with this serial number has neither this MAC nor this host name")
    }
    return .bySerial(report.device, isCorroborated: true)
}

/// What the store knows of a device that a row may mean.
public struct Known: Sendable {
    /// Its newest report.
    public var report: Report
    /// Whether a WARP id is bound to it, by whichever report.
    public var hasWARPID: Bool

    /// Creates what is known of a device.
    public init(report: Report, hasWARPID: Bool) {
        self.report = report
        self.hasWARPID = hasWARPID
    }
}

private func shortName(_ hostname: String) -> String {
    hostname.lowercased().split(separator: ".").first.map(String.init) ?? ""
}
