import Glibc

/// The network interfaces of a host tree that is not this machine's: what sysfs tells of them.
///
/// sysfs has neither permanent addresses nor IPv4 addresses, so that the index, which joins the two, is always 0.
///
/// - Source: `/sys/class/net/<interface>/{type,address}`
/// - SeeAlso: <https://docs.kernel.org/admin-guide/abi-testing.html#abi-sys-class-net>
package struct SysfsLinks: LinkSource {
    private let root: String

    /// Creates a source that looks below `root`.
    package init(root: String) {
        self.root = root
    }

    /// The interfaces that have a directory; one whose files cannot be read makes the table unreadable.
    package func links() throws(LinkError) -> [Link] {
        do throws(HostReadError) {
            let host = try HostRoot(at: root)
            var links: [Link] = []
            for name in try host.entries(of: "sys/class/net").prefix(Bounds.entries) {
                let folder = "sys/class/net/\(name)"
                // `bonding_masters` is a file among the directories.
                guard try host.contains("\(folder)/address") else { continue }
                let octets = try host.text(at: "\(folder)/address", limit: 128).split(separator: ":")
                links.append(
                    Link(
                        index: 0,
                        name: name,
                        hardwareType: Int(try host.text(at: "\(folder)/type", limit: 32)) ?? 0,
                        address: octets.compactMap { UInt8($0, radix: 16) }
                    )
                )
            }
            return links
        } catch {
            throw LinkError(table: "links", code: error.code)
        }
    }

    /// Not in sysfs: `ENOTSUP`.
    package func addresses() throws(LinkError) -> [LinkAddress] {
        throw LinkError(table: "addresses", code: ENOTSUP)
    }
}
