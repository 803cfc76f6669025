internal import Collectors

/// What a machine has beside its files: the kernel's tables, the service manager, the WARP client.
struct HostSources: Sendable {
    /// The network interfaces.
    var links: any LinkSource
    /// The service manager's units.
    var units: any UnitSource
    /// The WARP client.
    var warp: WARPIdentity

    /// This machine's.
    static let system = HostSources(links: Netlink(), units: SystemUnits(), warp: .system)

    /// What goes with another machine's files: what runs here says nothing about them.
    static func files(below root: String) -> HostSources {
        HostSources(links: SysfsLinks(root: root), units: NoUnits(), warp: .none)
    }
}
