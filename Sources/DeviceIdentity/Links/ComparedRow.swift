internal import PostureModel
internal import ScorerModel

/// A row of Cloudflare's in the forms that are compared; what is blank or a placeholder is nil.
struct ComparedRow {
    let warpID: Identifier?
    let serial: Identifier?
    private let mac: String?
    private let hostname: String?
    private let ipv4: String?

    /// The address that WARP gives in some modes to every machine.
    private static let sharedIPv4 = "172.16.0.2"

    init(_ row: PostureRow, shared: SharedValues) {
        warpID = Identifier(.warp, row.deviceID)
        serial = Identifier(.serial, row.serialNumber)
        mac = MACAddress.normalised(row.macAddress).flatMap { shared.contains(mac: $0) ? nil : $0 }
        hostname = Hostname(row.hostname)?.shortLabel.flatMap { shared.contains(hostname: $0) ? nil : $0 }
        let address = row.virtualIPv4.trimmed()
        ipv4 = address.isEmpty || address == Self.sharedIPv4 ? nil : address
    }

    /// The fields that the newest report has too.
    func agreeing(with known: Claimant) -> Set<AgreeingField> {
        let facts = known.report.facts
        var fields: Set<AgreeingField> = []
        if let serial, serial.value == known.productSerial { fields.insert(.serial) }
        if let mac, facts.macs.value?.contains(where: { $0.address == mac }) == true { fields.insert(.mac) }
        let names = [facts.kernelHostname, facts.staticHostname].compactMap {
            $0.value.flatMap(Hostname.init)?.shortLabel
        }
        if let hostname, names.contains(hostname) { fields.insert(.hostname) }
        if let ipv4, facts.warpIPv4.value?.contains(ipv4) == true { fields.insert(.ipv4) }
        return fields
    }

    /// Whether both have good product serial numbers, which differ; one that an operator assigned to the device does not
    /// contradict.
    func contradicts(_ known: Claimant) -> Bool {
        guard let serial, let own = known.productSerial, own != serial.value else { return false }
        return known.record.claim(to: serial)?.claim.strength != .assigned
    }
}
