import Glibc

/// Notices that the host name of this UTS namespace changed.
///
/// The kernel tells of every namespace's name, such as each new container's: only a name that is another one counts.
///
/// - Source: poll(2) on `/proc/sys/kernel/hostname`
/// - SeeAlso: `proc_sys_poll` in <https://elixir.bootlin.com/linux/latest/source/fs/proc/proc_sysctl.c>
struct HostnameChanges {
    static let path = "/proc/sys/kernel/hostname"

    let descriptor: Descriptor
    private var known = HostnameChanges.name()

    init() throws(Unwatched) {
        let result = unsafe open(HostnameChanges.path, O_RDONLY | O_CLOEXEC)
        descriptor = try Descriptor(owning: result < 0 ? -errno : result, of: HostnameChanges.path)
    }

    /// Whether the name is another than before.
    mutating func changed() -> Bool {
        let before = known
        known = HostnameChanges.name()
        return known != before
    }

    private static func name() -> [CChar] {
        // HOST_NAME_MAX is 64, without the NUL.
        var name = [CChar](repeating: 0, count: 65)
        unsafe gethostname(&name, name.count)
        return name
    }
}
