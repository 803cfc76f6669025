import CLinuxShims

/// How a run of messages ended.
package enum NetlinkEnd {
    /// With NLMSG_DONE: a dump is whole.
    case done
    /// With the last byte.
    case bytes
    /// With lengths that do not add up.
    case broken
}

/// Calls `body` with type, family header and wanted attributes of each message about a link or an address.
///
/// Every message is a 16-byte `nlmsghdr` (length, type, …), a header of the family's and attributes, each of which is
/// a 4-byte `rtattr` (length, type) and its value. All of them begin at multiples of four; integers are the host's.
/// Messages for whose type `wanted` gives nil are skipped.
package func eachNetlinkMessage(
    in bytes: Span<UInt8>,
    with wanted: (UInt16) -> [UInt16]?,
    body: (UInt16, Span<UInt8>, [UInt16: [UInt8]]) -> Void
) -> NetlinkEnd {
    var start = 0
    while start < bytes.count {
        guard bytes.count - start >= 16 else { return .broken }
        let length = bytes.integer(at: start, bytes: 4)
        guard length >= 16, length <= bytes.count - start else { return .broken }
        let type = UInt16(bytes.integer(at: start + 4, bytes: 2))
        if type == CLinuxShims_NLMSG_DONE { return .done }
        if let wanted = wanted(type) {
            // ifinfomsg has 16 bytes, ifaddrmsg 8.
            let header = type < CLinuxShims_RTM_NEWADDR ? 16 : 8
            guard length >= 16 + header else { return .broken }
            let message = bytes.extracting((start + 16)..<(start + length))
            guard let attributes = parseAttributes(message.extracting(droppingFirst: header), wanted) else {
                return .broken
            }
            body(type, message.extracting(first: header), attributes)
        }
        start += aligned(length)
    }
    return .bytes
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

extension Span<UInt8> {
    /// An unsigned integer of the host's byte order.
    ///
    /// Both machines that the agent is built for, amd64 and arm64, are little-endian.
    package func integer(at start: Int, bytes: Int) -> Int {
        (0..<bytes).reduce(0) { $0 | Int(self[start + $1]) << (8 * $1) }
    }
}
