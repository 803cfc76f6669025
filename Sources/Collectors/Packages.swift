import Glibc
public import PostureModel

extension HostRoot {
    /// Reads when the packages of the distribution last changed.
    ///
    /// Any package that is installed or removed counts; that there was nothing to update changes nothing.
    ///
    /// - Source: the newest modification of `/var/lib/dpkg/status`, the RPM database, `/var/lib/pacman/local` and
    ///   `/lib/apk/db/installed`
    /// - SeeAlso: <https://manpages.debian.org/bookworm/dpkg/dpkg.1.en.html>
    public borrowing func packagesUpdated() -> Observation<Timestamp> {
        do throws(HostReadError) {
            var newest: Int64?
            for path in packageDatabases {
                do throws(HostReadError) { newest = max(newest ?? .min, try modified(path)) } catch {
                    if !error.isAbsence { throw error }
                }
            }
            guard let newest else { return .notApplicable(reason: "no package database that is known") }
            // What the wire form can say of years: a clock that was set wrong does not cost the report.
            guard (0...253_402_300_799).contains(newest) else {
                return .unreadable(reason: "the package database was changed at no time that can be")
            }
            return .observed(Timestamp(seconds: newest))
        } catch {
            return Observation(error)
        }
    }

    /// Looks for the mark that updates leave where they want a reboot.
    ///
    /// Only some distributions leave one: elsewhere nobody knows.
    ///
    /// - Source: `/run/reboot-required` (Debian, Ubuntu), `/run/reboot-needed` (SUSE); that something leaves it is told
    ///   by the hooks of unattended-upgrades and update-notifier, and by `zypper`
    /// - SeeAlso: <https://manpages.debian.org/bookworm/unattended-upgrades/unattended-upgrade.8.en.html>
    public borrowing func rebootRequired() -> Observation<Bool> {
        do throws(HostReadError) {
            for mark in ["run/reboot-required", "run/reboot-needed"] where try contains(mark) { return .observed(true) }
            for maker in rebootMarkers where try contains(maker) { return .observed(false) }
            return .unreadable(reason: "nothing here says when a reboot is required")
        } catch {
            return Observation(error)
        }
    }
}

private let packageDatabases = [
    "var/lib/dpkg/status", "var/lib/rpm/rpmdb.sqlite", "usr/lib/sysimage/rpm/rpmdb.sqlite", "var/lib/rpm/Packages",
    "usr/lib/sysimage/rpm/Packages.db", "var/lib/pacman/local", "lib/apk/db/installed",
]

private let rebootMarkers = [
    "etc/kernel/postinst.d/unattended-upgrades", "etc/kernel/postinst.d/update-notifier",
    "usr/share/update-notifier/notify-reboot-required", "usr/bin/zypper",
]
