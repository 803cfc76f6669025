package import PostureModel

extension HostRoot {
    /// Reads for how many seconds the machine has run since its boot, those asleep included.
    ///
    /// - Source: the first number of `/proc/uptime`, which is `CLOCK_BOOTTIME`
    /// - SeeAlso: <https://man7.org/linux/man-pages/man5/proc_uptime.5.html>
    package borrowing func uptime() -> Observation<Int64> {
        do throws(HostReadError) {
            let number = try text(at: "proc/uptime").prefix { $0 != " " }
            guard let whole = number.split(separator: ".", omittingEmptySubsequences: false).first,
                let seconds = Int64(whole), (0...10_000_000_000).contains(seconds)
            else { return .unreadable(reason: "/proc/uptime: does not begin with a number of seconds") }
            return .observed(seconds)
        } catch {
            return Observation(error)
        }
    }
}
