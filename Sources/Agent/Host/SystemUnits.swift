internal import Collectors
internal import PostureModel
internal import SystemdBridge

/// The units of this machine, from the service manager on the system bus.
struct SystemUnits: UnitSource {
    var bus = SystemBus()

    func states(of units: [String]) throws(UnitError) -> [String: UnitState] {
        do throws(SystemBus.Failure) {
            return try bus.activeStates(of: units).mapValues { state in
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
