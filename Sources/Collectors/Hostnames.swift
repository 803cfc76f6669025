package import PostureModel

extension HostRoot {
    /// Reads the host name that the kernel has now.
    ///
    /// - Source: `/proc/sys/kernel/hostname`
    /// - SeeAlso: <https://docs.kernel.org/admin-guide/sysctl/kernel.html>
    package borrowing func kernelHostname() -> Observation<String> {
        do throws(HostReadError) {
            let name = try text(at: "proc/sys/kernel/hostname")
            // The kernel's own default until somebody calls sethostname(2).
            if name.isEmpty || name == "(none)" { return .notApplicable(reason: "the kernel has no host name") }
            return .observed(name.firstScalars())
        } catch {
            return Observation(error)
        }
    }

    /// Reads the host name that an administrator chose.
    ///
    /// - Source: `/etc/hostname`
    /// - SeeAlso: <https://man7.org/linux/man-pages/man5/hostname.5.html>
    package borrowing func staticHostname() -> Observation<String> {
        do throws(HostReadError) {
            guard let name = parseHostname(try text(at: "etc/hostname")) else {
                return .notApplicable(reason: "/etc/hostname has no host name")
            }
            return .observed(name.firstScalars())
        } catch {
            return Observation(error, absent: "no /etc/hostname")
        }
    }
}

/// The first line that is neither blank nor a comment.
func parseHostname(_ file: String) -> String? {
    file.split(whereSeparator: \.isNewline)
        .map { String($0).trimmed() }
        .first { !$0.isEmpty && !$0.hasPrefix("#") }
}
