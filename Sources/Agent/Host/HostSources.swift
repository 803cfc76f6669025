internal import Collectors
internal import PostureModel
internal import SystemdBridge

/// What a machine has beside its files: the kernel's tables, the service manager, the WARP client.
struct HostSources: Sendable {
    /// The network interfaces.
    var links: any LinkSource
    /// The service manager's units.
    var units: any UnitSource
    /// The WARP client.
    var warp: WARPIdentity

    /// This machine's; what the WARP client told last is remembered in the directory `keys`.
    static func system(keys: String) -> HostSources {
        HostSources(links: Netlink(), units: SystemBus(), warp: .system(keys: keys))
    }

    /// What goes with another machine's files: what runs here says nothing about them.
    static func files(below root: String) -> HostSources {
        HostSources(links: SysfsLinks(root: root), units: NoUnits(), warp: .none)
    }
}

extension SystemBus: UnitSource {
    func states(of units: [String]) throws(UnitError) -> [String: UnitState] {
        do throws(SystemBus.Failure) {
            return try activeStates(of: units).mapValues { state in
                switch state {
                case "activating", "deactivating": .changing
                // A unit that reads its files again works meanwhile.
                case "reloading", "refreshing": .active
                default: UnitState(rawValue: state) ?? .unknown
                }
            }
        } catch {
            throw UnitError(code: error.code)
        }
    }
}
