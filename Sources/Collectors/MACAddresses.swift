import CLinuxShims
import Glibc
package import PostureModel

extension HostRoot {
    /// Reads the hardware addresses of the physical network interfaces.
    ///
    /// Physical is an Ethernet or Wi-Fi interface with a device behind it: bridges, bonds, VLANs, tunnels and veth
    /// pairs have none. The burnt-in address counts where the kernel gives one, as the one in use changes with
    /// every bond and every Wi-Fi network.
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
                guard let name = parseName(Array(link.name.utf8)), let address = link.macAddress else { continue }
                if try contains("sys/class/net/\(name)/device") { addresses.append(address) }
            }
            return .observed(Array(distinct(addresses).prefix(Bounds.addresses)))
        } catch {
            return .unreadable(reason: "\(error)")
        }
    }
}

extension Link {
    /// The permanent address, or else the current one; nil if neither names an interface.
    fileprivate var macAddress: MACAddress? {
        permanentAddress.flatMap { MACAddress(octets: $0, interface: name, source: .permanent) }
            ?? address.flatMap { MACAddress(octets: $0, interface: name, source: .current) }
    }
}

/// Each address once, in the order of the interfaces' names.
///
/// Of two interfaces with one address, such as a bond's where a driver tells no permanent ones, the one that has it
/// burnt in stays.
private func distinct(_ addresses: [MACAddress]) -> [MACAddress] {
    let byName = addresses.sorted { $0.interface < $1.interface }
    var seen: Set<String> = []
    return (byName.filter { $0.source == .permanent } + byName.filter { $0.source == .current })
        .filter { seen.insert($0.address).inserted }
        .sorted { $0.interface < $1.interface }
}
