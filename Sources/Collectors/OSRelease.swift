import Glibc
package import PostureModel

extension HostRoot {
    /// Reads what the operating system says of itself.
    ///
    /// Every Linux that a person installs has one of the files. Where neither is there, what runs is unknown, which
    /// must not read as "this does not apply".
    ///
    /// - Source: `/etc/os-release`, and `/usr/lib/os-release` where there is none
    /// - SeeAlso: <https://www.freedesktop.org/software/systemd/man/latest/os-release.html>
    package borrowing func osRelease() -> Observation<OSRelease> {
        do throws(HostReadError) {
            let path = try contains("etc/os-release") ? "etc/os-release" : "usr/lib/os-release"
            let file = try bytes(at: path)
            guard let release = OSRelease(parsing: file.span) else { throw HostReadError(path: path, code: EBADMSG) }
            return .observed(release)
        } catch {
            return Observation(error)
        }
    }
}

extension OSRelease {
    /// Picks three assignments out of os-release(5), which is read by shells and by many other programs; nil for a file that
    /// these would read in different ways.
    init?(parsing file: Span<UInt8>) {
        guard let values = ShellAssignments(file) else { return nil }
        let value = { (name: String) -> String? in
            values[name].map { $0.trimmed().firstScalars() }.flatMap { $0.isEmpty ? nil : $0 }
        }
        self.init(id: value("ID") ?? "linux", versionID: value("VERSION_ID"), prettyName: value("PRETTY_NAME"))
    }
}
