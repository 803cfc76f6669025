import CLinuxShims
import Glibc

/// Parses the answers to `RTM_GETLINK`: those of other types are skipped, and so are interfaces without a name.
///
/// Throws `EBADMSG` for lengths that do not add up and for a dump without its end: half a table is not a table.
func parseLinks(_ dump: Span<UInt8>) throws(LinkError) -> [Link] {
    let wanted = [CLinuxShims_IFLA_IFNAME, CLinuxShims_IFLA_ADDRESS, CLinuxShims_IFLA_PERM_ADDRESS]
    var links: [Link] = []
    try eachMessage(dump, of: CLinuxShims_RTM_NEWLINK, header: 16, with: wanted, in: "links") { header, attributes in
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
    try eachMessage(dump, of: CLinuxShims_RTM_NEWADDR, header: 8, with: wanted, in: "addresses") { header, attributes in
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
///
/// Every message is a 16-byte `nlmsghdr` (length, type, …), a header of the family's and attributes, each of which is
/// a 4-byte `rtattr` (length, type) and its value. All of them begin at multiples of four; integers are the host's.
private func eachMessage(
    _ dump: Span<UInt8>,
    of wantedType: UInt16,
    header: Int,
    with wanted: [UInt16],
    in table: String,
    body: (Span<UInt8>, [UInt16: [UInt8]]) -> Void
) throws(LinkError) {
    var start = 0
    while dump.count - start >= 16 {
        let length = dump.integer(at: start, bytes: 4)
        guard length >= 16, length <= dump.count - start else { break }
        let type = UInt16(dump.integer(at: start + 4, bytes: 2))
        if type == CLinuxShims_NLMSG_DONE { return }
        if type == wantedType {
            guard length >= 16 + header else { break }
            let message = dump.extracting((start + 16)..<(start + length))
            guard let attributes = parseAttributes(message.extracting(droppingFirst: header), wanted) else { break }
            body(message.extracting(first: header), attributes)
        }
        start += aligned(length)
    }
    throw LinkError(table: table, code: EBADMSG)
}

/// The wanted attributes by type, the last of each, or nil if the lengths of all do not add up.
private func parseAttributes(_ bytes: Span<UInt8>, _ wanted: [UInt16]) -> [UInt16: [UInt8]]? {
    var attributes: [UInt16: [UInt8]] = [:]
    var start = 0
    while start < bytes.count {
        guard bytes.count - start >= 4 else { return nil }
        let length = bytes.integer(at: start, bytes: 2)
        guard length >= 4, length <= bytes.count - start else { return nil }
        // The two upper bits are NLA_F_NESTED and NLA_F_NET_BYTEORDER.
        let type = UInt16(bytes.integer(at: start + 2, bytes: 2)) & 0x3fff
        if wanted.contains(type) { attributes[type] = ((start + 4)..<(start + length)).map { bytes[$0] } }
        start += aligned(length)
    }
    return attributes
}

private func aligned(_ length: Int) -> Int { (length + 3) & ~3 }

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

extension Span<UInt8> {
    /// An unsigned integer of the host's byte order.
    ///
    /// Both machines that the agent is built for, amd64 and arm64, are little-endian.
    fileprivate func integer(at start: Int, bytes: Int) -> Int {
        (0..<bytes).reduce(0) { $0 | Int(self[start + $1]) << (8 * $1) }
    }
}
