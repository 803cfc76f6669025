package import PostureModel

extension HostRoot {
    /// Reads the id that the kernel made up for this boot.
    ///
    /// - Source: `/proc/sys/kernel/random/boot_id`
    /// - SeeAlso: <https://man7.org/linux/man-pages/man4/random.4.html>
    package borrowing func bootID() -> Observation<String> {
        do throws(HostReadError) {
            guard let id = parseUUID(try text(at: "proc/sys/kernel/random/boot_id")) else {
                return .unreadable(reason: "/proc/sys/kernel/random/boot_id: not a UUID")
            }
            return .observed(id)
        } catch {
            return Observation(error)
        }
    }
}

/// A UUID in lower case, or nil for any other text.
func parseUUID(_ text: String) -> String? { isUUID(text.utf8) ? text.lowercased() : nil }
