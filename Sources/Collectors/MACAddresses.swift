import CLinuxShims
import Glibc
package import PostureModel

extension HostRoot {
    /// Reads the hardware addresses of the physical network interfaces.
    ///
    /// Physical is an Ethernet or Wi-Fi interface with a device behind it: bridges, bonds, VLANs, tunnels and veth
    /// pairs have none. Of each the burnt-in address is reported where the kernel gives one, and the one in use where it
    /// differs: it changes with every bond and every Wi-Fi network, and it is the one that other programs see.
    ///
    /// - Source: `/sys/class/net/<interface>/device`, and `IFLA_PERM_ADDRESS` or `IFLA_ADDRESS` of rtnetlink(7)
    /// - SeeAlso: <https://docs.kernel.org/admin-guide/abi-testing.html#abi-sys-class-net>
    package borrowing func macs(links source: some LinkSource) -> Observation<[MACAddress]> {
        do {
            let links = try source.links()
            guard try contains("sys/class/net") else {
                return Observation(HostReadError(path: "sys/class/net", code: ENOENT))
            }
            var addresses: [MACAddress] = []
            for link in links where link.hardwareType == Int(CLinuxShims_ARPHRD_ETHER) {
                guard let name = parseName(Array(link.name.utf8)), !link.macAddresses.isEmpty else { continue }
                if try contains("sys/class/net/\(name)/device") { addresses += link.macAddresses }
            }
            return .observed(distinct(addresses))
        } catch {
            return .unreadable(reason: "\(error)")
        }
    }
}

extension Link {
    /// The permanent address and the current one, as far as each names an interface.
    fileprivate var macAddresses: [MACAddress] {
        [
            permanentAddress.flatMap { MACAddress(octets: $0, interface: name, source: .permanent) },
            address.flatMap { MACAddress(octets: $0, interface: name, source: .current) },
        ].compactMap(\.self)
    }
}

/// Each address once, in the order of the interfaces' names, and as many as a report may have.
///
/// A current address that is burnt in somewhere on the machine, as that of a bond's second port, is not repeated. Where
/// there are too many, the burnt-in ones stay.
private func distinct(_ addresses: [MACAddress]) -> [MACAddress] {
    let byName = addresses.sorted { $0.interface < $1.interface }
    var seen: Set<String> = []
    return (byName.filter { $0.source == .permanent } + byName.filter { $0.source == .current })
        .filter { seen.insert($0.address).inserted }
        .prefix(Bounds.addresses)
        .sorted { ($0.interface, $0.source.rank) < ($1.interface, $1.source.rank) }
}

extension MACAddress.Source {
    fileprivate var rank: Int { self == .permanent ? 0 : 1 }
}
