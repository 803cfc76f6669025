import CLinuxShims
import Glibc

/// Parses the answers to `RTM_GETLINK`: those of other types are skipped, and so are interfaces without a name.
///
/// Throws `EBADMSG` for lengths that do not add up and for a dump without its end: half a table is not a table.
func parseLinks(_ dump: Span<UInt8>) throws(LinkError) -> [Link] {
    let wanted = [CLinuxShims_IFLA_IFNAME, CLinuxShims_IFLA_ADDRESS, CLinuxShims_IFLA_PERM_ADDRESS]
    var links: [Link] = []
    try eachMessage(dump, of: CLinuxShims_RTM_NEWLINK, with: wanted, in: "links") { header, attributes in
        guard let name = attributes[CLinuxShims_IFLA_IFNAME].flatMap(parseName) else { return }
        links.append(
            Link(
                index: Int(Int32(truncatingIfNeeded: header.integer(at: 4, bytes: 4))),
                name: name,
                hardwareType: header.integer(at: 2, bytes: 2),
                address: attributes[CLinuxShims_IFLA_ADDRESS],
                permanentAddress: attributes[CLinuxShims_IFLA_PERM_ADDRESS]
            )
        )
    }
    return links
}

/// Parses the answers to `RTM_GETADDR`, of which only IPv4 addresses are wanted.
///
/// On a point-to-point link `IFA_ADDRESS` is the peer's, so that `IFA_LOCAL` comes first. Throws as ``parseLinks(_:)``.
func parseAddresses(_ dump: Span<UInt8>) throws(LinkError) -> [LinkAddress] {
    let wanted = [CLinuxShims_IFA_LOCAL, CLinuxShims_IFA_ADDRESS]
    var addresses: [LinkAddress] = []
    try eachMessage(dump, of: CLinuxShims_RTM_NEWADDR, with: wanted, in: "addresses") { header, attributes in
        guard header[0] == CLinuxShims_AF_INET,
            let octets = attributes[CLinuxShims_IFA_LOCAL] ?? attributes[CLinuxShims_IFA_ADDRESS],
            octets.count == 4
        else { return }
        addresses.append(
            LinkAddress(
                index: header.integer(at: 4, bytes: 4),
                ipv4: octets.map { String($0) }.joined(separator: ".")
            )
        )
    }
    return addresses
}

/// Calls `body` with the family header and the wanted attributes of each message of one type, up to NLMSG_DONE.
private func eachMessage(
    _ dump: Span<UInt8>,
    of wantedType: UInt16,
    with wanted: [UInt16],
    in table: String,
    body: (Span<UInt8>, [UInt16: [UInt8]]) -> Void
) throws(LinkError) {
    let end = eachNetlinkMessage(in: dump, with: { $0 == wantedType ? wanted : nil }) { _, header, attributes in
        body(header, attributes)
    }
    if end != .done { throw LinkError(table: table, code: EBADMSG) }
}

/// An interface's name without its NUL, or nil for one that the kernel would refuse.
///
/// Names become parts of paths in sysfs, so "/", "." and ".." are not let through whoever gives them.
func parseName(_ bytes: [UInt8]) -> String? {
    let name = bytes.prefix { $0 != 0 }
    // IFNAMSIZ is 16 with the NUL.
    guard (1...15).contains(name.count), !name.contains(UInt8(ascii: "/")) else { return nil }
    let text = String(decoding: name, as: UTF8.self)
    return text == "." || text == ".." ? nil : text
}
