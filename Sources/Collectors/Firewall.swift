import Glibc
public import PostureModel

extension HostRoot {
    /// Looks for the firewalls that are enabled at boot.
    ///
    /// - Source: `ENABLED` in `/etc/ufw/ufw.conf`; for firewalld and nftables that a target in `/etc/systemd/system`
    ///   wants the unit
    /// - SeeAlso: <https://manpages.debian.org/bookworm/ufw/ufw-framework.8.en.html>
    public borrowing func firewallEnabled() -> Observation<[String]> {
        do throws(HostReadError) {
            guard try contains("etc") else { return Observation(HostReadError(path: "etc", code: ENOENT)) }
            var enabled: [String] = []
            for name in ["firewalld", "nftables"] where try isWanted("\(name).service") { enabled.append(name) }
            if try isUFWEnabled() { enabled.append("ufw") }
            return .observed(enabled)
        } catch {
            return Observation(error)
        }
    }

    /// Asks for the state of each firewall's unit.
    ///
    /// ufw's unit is active also where ufw itself is disabled: it counts as active only where it is enabled, too.
    /// Rules in the kernel are not looked at: whoever may list them may change them (`CAP_NET_ADMIN`).
    ///
    /// - Source: `ActiveState` of `firewalld.service`, `nftables.service` and `ufw.service`
    /// - SeeAlso: <https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.systemd1.html>
    public borrowing func firewallActive(units: some UnitSource) -> Observation<[String: UnitState]> {
        do throws(UnitError) {
            var states: [String: UnitState] = [:]
            let units = try units.states(of: UnitTable.firewalls.map { "\($0).service" })
            for name in UnitTable.firewalls { states[name] = units["\(name).service"] }
            if states["ufw"] == .active {
                do throws(HostReadError) { if try !isUFWEnabled() { states["ufw"] = .inactive } } catch {
                    return Observation(error)
                }
            }
            return .observed(states)
        } catch {
            return .unreadable(reason: "\(error)")
        }
    }

    private borrowing func isUFWEnabled() throws(HostReadError) -> Bool {
        guard let file = try textIfThere(at: "etc/ufw/ufw.conf") else { return false }
        // The file is read by a shell: the last assignment counts.
        let last = file.split(whereSeparator: \.isNewline).map { String($0).trimmed() }.last {
            $0.hasPrefix("ENABLED=")
        }
        let value = last?.dropFirst("ENABLED=".count).filter { $0 != "\"" && $0 != "'" }.lowercased()
        return value == "yes"
    }

    /// Whether a target of the boot wants a unit that is there: a link that leads nowhere enables nothing.
    borrowing func isWanted(_ unit: String) throws(HostReadError) -> Bool {
        for target in ["sysinit", "basic", "multi-user", "graphical", "network-online", "network", "timers"]
        where try contains("etc/systemd/system/\(target).target.wants/\(unit)") {
            return true
        }
        return false
    }
}
