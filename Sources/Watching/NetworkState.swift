import CLinuxShims
import Collectors
import Glibc

/// What is known of links and addresses, so far as it matters.
///
/// The kernel speaks of a link also for its counters and for Wi-Fi's noise, and of an address for each refresh of its
/// lifetime: such a message says nothing that is not known.
struct NetworkState {
    private struct Link: Equatable {
        var name: [UInt8]?
        var address: [UInt8]?
        var flags: Int
    }

    private struct Address: Hashable {
        var link: Int
        var prefix: Int
        var octets: [UInt8]
    }

    private var links: [Int: Link] = [:]
    /// The flags of each address.
    private var addresses: [Address: UInt8] = [:]
    /// As many as are remembered; what is beyond counts as a change each time.
    private let limit: Int

    init(limit: Int = 10_000) { self.limit = limit }

    /// Takes the messages of a dump or of a datagram, and says whether anything in them was not known.
    ///
    /// Messages that make no sense count as a change.
    mutating func apply(_ bytes: Span<UInt8>) -> Bool {
        var changed = false
        let end = eachNetlinkMessage(in: bytes, with: NetworkState.attributes) { type, header, attributes in
            let index = Int(Int32(truncatingIfNeeded: header.integer(at: 4, bytes: 4)))
            // LOOPBACK_IFINDEX: it is the first of every network namespace.
            if index == 1 { return }
            switch type {
            case CLinuxShims_RTM_NEWLINK, CLinuxShims_RTM_DELLINK:
                // A bridge speaks in the same words of its ports.
                guard header[0] == CLinuxShims_AF_UNSPEC else { return }
                let link = Link(
                    name: attributes[CLinuxShims_IFLA_IFNAME],
                    address: attributes[CLinuxShims_IFLA_ADDRESS],
                    flags: header.integer(at: 8, bytes: 4) & NetworkState.linkFlags
                )
                if set(type == CLinuxShims_RTM_NEWLINK ? link : nil, at: index, in: &links) { changed = true }
            default:
                let octets = attributes[CLinuxShims_IFA_LOCAL] ?? attributes[CLinuxShims_IFA_ADDRESS] ?? []
                let address = Address(link: index, prefix: Int(header[1]), octets: octets)
                let flags = header[2] & NetworkState.addressFlags
                if set(type == CLinuxShims_RTM_NEWADDR ? flags : nil, at: address, in: &addresses) { changed = true }
            }
        }
        return changed || end == .broken
    }

    /// Whether that is new.
    private func set<Key, Value: Equatable>(_ value: Value?, at key: Key, in known: inout [Key: Value]) -> Bool {
        if known[key] == value { return false }
        if known[key] != nil || known.count < limit { known[key] = value }
        return true
    }

    private static func attributes(of type: UInt16) -> [UInt16]? {
        switch type {
        case CLinuxShims_RTM_NEWLINK, CLinuxShims_RTM_DELLINK: [CLinuxShims_IFLA_IFNAME, CLinuxShims_IFLA_ADDRESS]
        case CLinuxShims_RTM_NEWADDR, CLinuxShims_RTM_DELADDR: [CLinuxShims_IFA_LOCAL, CLinuxShims_IFA_ADDRESS]
        default: nil
        }
    }

    /// IFF_UP, IFF_RUNNING and IFF_LOWER_UP: netdevice(7).
    private static let linkFlags = 0x1 | 0x40 | 0x10000
    /// IFA_F_DADFAILED and IFA_F_TENTATIVE: with one of these an IPv6 address cannot be used.
    private static let addressFlags: UInt8 = 0x08 | 0x40
}
