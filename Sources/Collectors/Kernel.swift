package import PostureModel

extension HostRoot {
    /// Reads the kernel's release, as `uname -r` prints it.
    ///
    /// - Source: `/proc/sys/kernel/osrelease`
    /// - SeeAlso: <https://docs.kernel.org/admin-guide/sysctl/kernel.html>
    package borrowing func kernelRelease() -> Observation<String> {
        do throws(HostReadError) {
            let release = try text(at: "proc/sys/kernel/osrelease")
            if release.isEmpty { return .unreadable(reason: "/proc/sys/kernel/osrelease: empty") }
            return .observed(release.firstScalars())
        } catch {
            return Observation(error)
        }
    }
}
