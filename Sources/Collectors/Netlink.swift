import CLinuxShims
import Glibc

/// The kernel's own table of interfaces.
///
/// - Source: `NETLINK_ROUTE`, `RTM_GETLINK` and `RTM_GETADDR`
/// - SeeAlso: <https://man7.org/linux/man-pages/man7/rtnetlink.7.html>
package struct Netlink: LinkSource {
    /// Bytes of a whole table.
    ///
    /// The default is enough for 2,500 interfaces of 1.5 KB each. Pages of it that are not filled cost nothing.
    private let limit: Int

    /// Creates the source; each question opens a socket of its own.
    package init() { self.init(limit: 4 << 20) }

    init(limit: Int) { self.limit = limit }

    /// All network interfaces of this network namespace.
    package func links() throws(LinkError) -> [Link] {
        let answer = try ask("links", CLinuxShims_RTM_GETLINK, CLinuxShims_AF_UNSPEC)
        return try parseLinks(answer.span)
    }

    /// All IPv4 addresses of this network namespace.
    package func addresses() throws(LinkError) -> [LinkAddress] {
        let answer = try ask("addresses", CLinuxShims_RTM_GETADDR, CLinuxShims_AF_INET)
        return try parseAddresses(answer.span)
    }

    /// The bytes of a dump, through NLMSG_DONE.
    ///
    /// A table that changed under the dump is asked for again; three times, as a table that never stands still would
    /// keep the agent for ever.
    package func ask(_ table: String, _ type: UInt16, _ family: UInt8) throws(LinkError) -> [UInt8] {
        var code = EAGAIN
        for _ in 1...3 {
            var result = 0
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
                // The C function writes at most `limit` bytes, and says how many of them it initialised.
                unsafe result = CLinuxShims_netlink_dump(type, family, buffer.baseAddress, limit)
                count = max(result, 0)
            }
            if result >= 0 { return bytes }
            code = CInt(-result)
            if code != EAGAIN { break }
        }
        throw LinkError(table: table, code: code)
    }
}
