import Glibc
package import PostureModel

extension HostRoot {
    /// Looks for a timer and a configuration that install updates without anybody asking.
    ///
    /// - Source: unattended-upgrades: `/etc/apt/apt.conf.d`, `/etc/apt/apt.conf` and `apt-daily-upgrade.timer`;
    ///   dnf-automatic: `/etc/dnf/automatic.conf` and its timers
    /// - SeeAlso: <https://manpages.debian.org/bookworm/unattended-upgrades/unattended-upgrade.8.en.html>
    /// - SeeAlso: <https://dnf.readthedocs.io/en/latest/automatic.html>
    package borrowing func automaticUpdates() -> Observation<Bool> {
        do throws(HostReadError) {
            let hasApt = try contains("etc/apt")
            let hasDNF = try contains("etc/dnf")
            guard hasApt || hasDNF else { return .notApplicable(reason: "neither apt nor dnf") }
            if hasApt, try hasUnattendedUpgrades() { return .observed(true) }
            if hasDNF, try hasDNFAutomatic() { return .observed(true) }
            return .observed(false)
        } catch {
            return Observation(error)
        }
    }

    // MARK: apt

    private borrowing func hasUnattendedUpgrades() throws(HostReadError) -> Bool {
        guard try contains("usr/bin/unattended-upgrade"), try isWanted("apt-daily-upgrade.timer") else { return false }
        // Without these there are no new lists to upgrade by.
        for unit in ["apt-daily.timer", "apt-daily.service"] {
            if try isMasked(unit) { return false }
            try checkChanges(of: unit, commandCounts: unit.hasSuffix(".service"))
        }
        let configuration = try aptConfiguration()
        func value(_ option: String) throws(HostReadError) -> AptInterval? {
            guard let text = configuration["APT::Periodic::\(option)"] else { return nil }
            guard let interval = AptInterval(text) else { throw HostReadError(path: "etc/apt", code: EBADMSG) }
            return interval
        }
        if try value("Enable")?.isZero == true { return false }
        for option in ["Update-Package-Lists", "Unattended-Upgrade"] where try value(option)?.isEverDue != true {
            return false
        }
        return true
    }

    /// What apt reads, in its order: the directory, then the file.
    private borrowing func aptConfiguration() throws(HostReadError) -> AptConfiguration {
        var configuration = AptConfiguration()
        if try contains("etc/apt/apt.conf.d") {
            let names = try entries(of: "etc/apt/apt.conf.d").filter { Self.isConfiguration($0) }
            guard names.count <= Bounds.entries else { throw HostReadError(path: "etc/apt/apt.conf.d", code: EFBIG) }
            for name in names { try read("etc/apt/apt.conf.d/\(name)", into: &configuration) }
        }
        // The directory's files may name another main file.
        for option in ["Dir", "Dir::Etc", "Dir::Etc::main", "RootDir"] where configuration[option]?.isEmpty == false {
            throw HostReadError(path: "etc/apt/apt.conf.d", code: EBADMSG)
        }
        try read("etc/apt/apt.conf", into: &configuration)
        return configuration
    }

    /// Reads a file; apt passes over what is no regular file.
    private borrowing func read(_ path: String, into configuration: inout AptConfiguration) throws(HostReadError) {
        let text: String
        do throws(HostReadError) { text = try self.text(at: path) } catch {
            if error.isAbsence || error.code == EISDIR || error.code == ENXIO { return }
            throw error
        }
        guard configuration.read(text) else { throw HostReadError(path: path, code: EBADMSG) }
    }

    /// The files that apt reads: without an extension or with `.conf`.
    private static func isConfiguration(_ name: String) -> Bool {
        let isPlain = name.utf8.allSatisfy { byte in
            let scalar = Unicode.Scalar(byte)
            return scalar.isASCII
                && (scalar.properties.isAlphabetic || "0123456789-_.:".unicodeScalars.contains(scalar))
        }
        return isPlain && !name.hasPrefix(".") && (!name.contains(".") || name.hasSuffix(".conf"))
    }

    // MARK: dnf

    private borrowing func hasDNFAutomatic() throws(HostReadError) -> Bool {
        // This one installs whatever the file says.
        if try isWanted("dnf-automatic-install.timer") { return true }
        for timer in ["dnf-automatic.timer", "dnf5-automatic.timer"] where try isWanted(timer) {
            for path in ["etc/dnf/dnf5-plugins/automatic.conf", "etc/dnf/automatic.conf"] {
                guard let file = try textIfThere(at: path) else { continue }
                guard let settings = INIFile(file) else { throw HostReadError(path: path, code: EBADMSG) }
                // libdnf refuses any other word.
                switch settings["commands", "apply_updates"]?.lowercased() {
                case nil: continue
                case "yes", "true", "1", "on": return true
                case "no", "false", "0", "off": return false
                default: throw HostReadError(path: path, code: EBADMSG)
                }
            }
        }
        return false
    }
}
