import Glibc
public import PostureModel

extension HostRoot {
    /// Looks for a timer and a configuration that install updates without anybody asking.
    ///
    /// - Source: unattended-upgrades: `/etc/apt/apt.conf.d`, `/etc/apt/apt.conf` and `apt-daily-upgrade.timer`;
    ///   dnf-automatic: `/etc/dnf/automatic.conf` and its timers
    /// - SeeAlso: <https://manpages.debian.org/bookworm/unattended-upgrades/unattended-upgrade.8.en.html>
    /// - SeeAlso: <https://dnf.readthedocs.io/en/latest/automatic.html>
    public borrowing func automaticUpdates() -> Observation<Bool> {
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
        for unit in ["apt-daily.timer", "apt-daily.service"] where try isMasked(unit) { return false }
        var configuration = AptConfiguration()
        if try contains("etc/apt/apt.conf.d") {
            for name in try entries(of: "etc/apt/apt.conf.d").prefix(Bounds.entries) where isConfiguration(name) {
                try read("etc/apt/apt.conf.d/\(name)", into: &configuration)
            }
        }
        if try contains("etc/apt/apt.conf") { try read("etc/apt/apt.conf", into: &configuration) }
        return isOn(configuration["APT::Periodic::Enable"] ?? "1")
            && isOn(configuration["APT::Periodic::Update-Package-Lists"])
            && isOn(configuration["APT::Periodic::Unattended-Upgrade"])
    }

    private borrowing func read(_ path: String, into configuration: inout AptConfiguration) throws(HostReadError) {
        guard configuration.read(try text(at: path)) else { throw HostReadError(path: path, code: EBADMSG) }
    }

    /// The files that apt reads: without an extension or with `.conf`.
    private func isConfiguration(_ name: String) -> Bool {
        let isPlain = name.utf8.allSatisfy { byte in
            let scalar = Unicode.Scalar(byte)
            return scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789-_.".unicodeScalars.contains(scalar))
        }
        return isPlain && (!name.contains(".") || (name.hasSuffix(".conf") && !name.hasPrefix(".")))
    }

    /// Whether an interval is one: `0` and nothing are none, `always` and `1d` are.
    private func isOn(_ interval: String?) -> Bool {
        guard let interval = interval?.trimmed() else { return false }
        return interval == "always" || interval.utf8.contains { (UInt8(ascii: "1")...UInt8(ascii: "9")).contains($0) }
    }

    // MARK: dnf

    private borrowing func hasDNFAutomatic() throws(HostReadError) -> Bool {
        // This one installs whatever the file says.
        if try isWanted("dnf-automatic-install.timer") { return true }
        for timer in ["dnf-automatic.timer", "dnf5-automatic.timer"] where try isWanted(timer) {
            for path in ["etc/dnf/dnf5-plugins/automatic.conf", "etc/dnf/automatic.conf"] {
                guard let file = try textIfThere(at: path) else { continue }
                if let value = setting("apply_updates", in: "commands", of: file) {
                    return ["yes", "true", "1", "on"].contains(value.lowercased())
                }
            }
        }
        return false
    }

    /// The last value of a key in a section of an INI file.
    private func setting(_ key: String, in section: String, of file: String) -> String? {
        var current = ""
        var value: String?
        for line in file.split(whereSeparator: \.isNewline).map({ String($0).trimmed() }) {
            if line.hasPrefix("["), line.hasSuffix("]") { current = String(line.dropFirst().dropLast()) }
            let parts = line.split(separator: "=", maxSplits: 1).map { String($0).trimmed() }
            if current == section, parts.count == 2, parts[0] == key { value = parts[1] }
        }
        return value
    }
}
