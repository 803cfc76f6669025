import Glibc
package import PostureModel

extension HostRoot {
    /// Looks for the firewalls that are enabled at boot.
    ///
    /// - Source: that a target in `/etc/systemd/system` wants the unit, which is not masked; for ufw `ENABLED` in
    ///   `/etc/ufw/ufw.conf` too
    /// - SeeAlso: <https://manpages.debian.org/bookworm/ufw/ufw-framework.8.en.html>
    package borrowing func firewallEnabled() -> Observation<[String]> {
        do throws(HostReadError) {
            guard try contains("etc") else { return Observation(HostReadError(path: "etc", code: ENOENT)) }
            var enabled: [String] = []
            for name in ["firewalld", "nftables"] where try isWanted("\(name).service") { enabled.append(name) }
            // The file alone says nothing: it outlives the package.
            if try isUFWConfigured(), try isWanted("ufw.service") { enabled.append("ufw") }
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
    package borrowing func firewallActive(units: some UnitSource) -> Observation<[String: UnitState]> {
        do throws(UnitError) {
            var states: [String: UnitState] = [:]
            let units = try units.states(of: UnitTable.firewalls.map { "\($0).service" })
            for name in UnitTable.firewalls { states[name] = units["\(name).service"] }
            if states["ufw"] == .active {
                do throws(HostReadError) { if try !isUFWConfigured() { states["ufw"] = .inactive } } catch {
                    return Observation(error)
                }
            }
            return .observed(states)
        } catch {
            return .unreadable(reason: "\(error)")
        }
    }

    /// Whether ufw loads its rules at boot: `ufw-init` reads the file as a shell does, and compares with `yes` and `YES`.
    private borrowing func isUFWConfigured() throws(HostReadError) -> Bool {
        let path = "etc/ufw/ufw.conf"
        guard try contains(path) else { return false }
        let file = try bytes(at: path)
        guard let values = ShellAssignments(file.span) else { throw HostReadError(path: path, code: EBADMSG) }
        return ["yes", "YES"].contains(values["ENABLED"])
    }

    /// Whether a target of the boot wants a unit that is there: a link that leads nowhere enables nothing, and neither
    /// does one to a unit that is masked, or to a timer of such a service.
    borrowing func isWanted(_ unit: String) throws(HostReadError) -> Bool {
        if try isMasked(unit) { return false }
        if unit.hasSuffix(".timer"), try isMasked("\(unit.dropLast("timer".count))service") { return false }
        for target in ["sysinit", "basic", "multi-user", "graphical", "network-online", "network", "timers"]
        where try contains("etc/systemd/system/\(target).target.wants/\(unit)") {
            let isTimer = unit.hasSuffix(".timer")
            try checkChanges(of: unit, commandCounts: false)
            if isTimer {
                try checkChanges(of: "\(unit.dropLast("timer".count))service", commandCounts: true)
            }
            return true
        }
        return false
    }

    /// Whether a unit is masked: in the place of its file is a link to `/dev/null`, or nothing is in the file.
    ///
    /// Links of those that want it stay. What is in `/etc` hides what is in `/run`.
    ///
    /// - SeeAlso: <https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html>
    borrowing func isMasked(_ unit: String) throws(HostReadError) -> Bool {
        for directory in ["etc/systemd/system", "run/systemd/system"] where try contains(directory) {
            guard try entries(of: directory).contains(unit) else { continue }
            do throws(HostReadError) { return try bytes(at: "\(directory)/\(unit)").isEmpty } catch {
                // A device is no regular file; below another root there may be none.
                if error.code == ENXIO || error.isAbsence { return true }
                throw error
            }
        }
        return false
    }
}
