import Files
import Glibc

/// Where network interfaces and their addresses come from: the kernel, or a recording in tests.
///
/// sysfs has no permanent addresses and no IPv4 addresses, so that this is a seam of its own beside ``HostRoot``.
package protocol LinkSource: Sendable {
    /// All network interfaces of this network namespace.
    func links() throws(LinkError) -> [Link]
    /// All IPv4 addresses of this network namespace.
    func addresses() throws(LinkError) -> [LinkAddress]
}

/// A network interface.
///
/// - Source: `RTM_NEWLINK`
/// - SeeAlso: <https://man7.org/linux/man-pages/man7/rtnetlink.7.html>
package struct Link: Sendable, Equatable, Codable {
    /// The number by which the kernel knows the interface.
    package var index: Int
    /// The interface's name: `IFLA_IFNAME`.
    package var name: String
    /// The kind of hardware, `ARPHRD_…`: 1 for Ethernet and Wi-Fi, 772 for the loopback.
    package var hardwareType: Int
    /// The address in use: `IFLA_ADDRESS`.
    package var address: [UInt8]?
    /// The burnt-in address: `IFLA_PERM_ADDRESS`.
    ///
    /// Kernels before 5.6 do not give it, nor does every driver.
    package var permanentAddress: [UInt8]?

    package init(
        index: Int,
        name: String,
        hardwareType: Int,
        address: [UInt8]? = nil,
        permanentAddress: [UInt8]? = nil
    ) {
        self.index = index
        self.name = name
        self.hardwareType = hardwareType
        self.address = address
        self.permanentAddress = permanentAddress
    }
}

/// An IPv4 address of a network interface.
///
/// - Source: `RTM_NEWADDR`
/// - SeeAlso: <https://man7.org/linux/man-pages/man7/rtnetlink.7.html>
package struct LinkAddress: Sendable, Equatable, Codable {
    /// The interface's ``Link/index``.
    package var index: Int
    /// The address in dotted form: `IFA_LOCAL`.
    package var ipv4: String

    package init(index: Int, ipv4: String) {
        self.index = index
        self.ipv4 = ipv4
    }
}

/// Why the kernel's table of interfaces could not be had.
///
/// - Source: the errno of the exchange with the kernel
/// - SeeAlso: <https://man7.org/linux/man-pages/man7/netlink.7.html>
package struct LinkError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was asked for, such as `links`.
    package let table: String
    /// The errno: `EBADMSG` for an answer that makes no sense.
    package let code: CInt

    /// Creates an error about one of the tables.
    package init(table: String, code: CInt) {
        self.table = table
        self.code = code
    }

    /// One sentence: what was asked for, and what went wrong.
    package var description: String {
        code == ENOTSUP
            ? "\(table): only the running kernel tells"
            : "network interfaces, \(table): \(errorText(code).lowercased())"
    }
}

/// What a source answered, asked once: collectors that share it see the same moment.
struct LinkTable: LinkSource {
    private let allLinks: Result<[Link], LinkError>
    private let allAddresses: Result<[LinkAddress], LinkError>

    init(reading source: some LinkSource) {
        allLinks = Result { () throws(LinkError) in try source.links() }
        allAddresses = Result { () throws(LinkError) in try source.addresses() }
    }

    func links() throws(LinkError) -> [Link] { try allLinks.get() }
    func addresses() throws(LinkError) -> [LinkAddress] { try allAddresses.get() }
}
