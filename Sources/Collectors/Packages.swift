import Glibc
package import PostureModel

extension HostRoot {
    /// Reads when the packages of the distribution last changed.
    ///
    /// Any package that is installed or removed counts; that there was nothing to update changes nothing. Images are made
    /// with one time for all files, often 1970: a time that cannot be that of a change is no time.
    ///
    /// - Source: the newest modification of `/var/lib/dpkg/status`, the RPM database, `/var/lib/pacman/local` and
    ///   `/lib/apk/db/installed`
    /// - SeeAlso: <https://manpages.debian.org/bookworm/dpkg/dpkg.1.en.html>
    package borrowing func packagesUpdated() -> Observation<Timestamp> {
        do throws(HostReadError) {
            var times: [Int64] = []
            for path in packageDatabases {
                if let time = try modifiedIfThere(path) { times.append(time) }
            }
            if times.isEmpty { return .notApplicable(reason: "no package database that is known") }
            let built = try modifiedIfThere("usr/lib/os-release") ?? .min
            // What the wire form can say of years: a clock that was set wrong does not cost the report.
            let believable = times.filter { $0 >= built && (earliest...253_402_300_799).contains($0) }
            guard let newest = believable.max() else {
                return .unreadable(reason: "the package database has a placeholder for its time, as images have")
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
    package borrowing func rebootRequired() -> Observation<Bool> {
        do throws(HostReadError) {
            for mark in ["run/reboot-required", "run/reboot-needed"] where try contains(mark) { return .observed(true) }
            for maker in rebootMarkers where try contains(maker) { return .observed(false) }
            return .unreadable(reason: "nothing here says when a reboot is required")
        } catch {
            return Observation(error)
        }
    }
}

/// The beginning of 2010: no machine of today has packages that were last changed before, and images have 0, 1 or 1980.
private let earliest: Int64 = 1_262_304_000

extension HostRoot {
    fileprivate borrowing func modifiedIfThere(_ path: String) throws(HostReadError) -> Int64? {
        do throws(HostReadError) { return try modified(path) } catch {
            if error.isAbsence { return nil }
            throw error
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
