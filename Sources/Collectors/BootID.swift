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

/// A UUID in lower case, or nil for anything but hexadecimal digits in groups of 8, 4, 4, 4 and 12.
func parseUUID(_ text: String) -> String? {
    let groups = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard groups.map(\.count) == [8, 4, 4, 4, 12] else { return nil }
    guard groups.joined().allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
    return text.lowercased()
}
