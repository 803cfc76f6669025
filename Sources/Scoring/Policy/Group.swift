internal import PostureModel
internal import ScorerModel

extension Policy {
    /// Devices that have rules of their own.
    ///
    /// A device is put in a group by an operator, the inventory or a CA, never by what it says of itself or does not say, and
    /// stays in it until an operator takes its tag away.
    package struct Group: Sendable, Equatable {
        /// The name, which explanations show.
        package var name: String
        /// Tags, any of which the device has from operators or the inventory.
        var tags: [String] = []
        /// Patterns, any of which the common name of a certificate matches that the device has ever proven.
        var certificateNames: [String] = []
        /// The rules that differ from the policy's own, each as a whole.
        package var rules: [Rule.Name: Rule] = [:]

        func holds(_ tags: Set<DeviceTag>) -> Bool {
            tags.contains { tag in
                tag.origin == .certificate
                    ? certificateNames.contains { matches(tag.name, pattern: $0) } : self.tags.contains(tag.name)
            }
        }
    }

    /// The rules of a group: the policy's own, and its instead of those.
    func rules(of group: Group?) -> [Rule.Name: Rule] {
        rules.merging(group?.rules ?? [:]) { $1 }
    }

    /// The first group that a device with these tags is in.
    func group(of tags: Set<DeviceTag>) -> Group? { groups.first { $0.holds(tags) } }
}

/// Whether a name matches a pattern, where `*` is any characters but a dot, and letters of ASCII match in either case.
func matches(_ name: String, pattern: String) -> Bool {
    let dot = UInt8(ascii: ".")
    let labels = name.asciiLowercased.split(separator: dot, omittingEmptySubsequences: false)
    let patterns = pattern.asciiLowercased.split(separator: dot, omittingEmptySubsequences: false)
    return labels.count == patterns.count && zip(labels, patterns).allSatisfy(matches)
}

/// Whether a label matches: each star as few characters as will do, the last one more where the rest then fails.
private func matches(_ label: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
    let star = UInt8(ascii: "*")
    var (i, j) = (label.startIndex, pattern.startIndex)
    var retry: (label: Int, pattern: Int)?
    while i < label.endIndex {
        if j < pattern.endIndex, pattern[j] == star {
            retry = (i, j + 1)
            j += 1
        } else if j < pattern.endIndex, pattern[j] == label[i] {
            (i, j) = (i + 1, j + 1)
        } else if let last = retry {
            retry = (last.label + 1, last.pattern)
            (i, j) = (last.label + 1, last.pattern)
        } else {
            return false
        }
    }
    return pattern[j...].allSatisfy { $0 == star }
}
