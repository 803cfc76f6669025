/// A host name as a person, a machine or Cloudflare says it: with a domain or without, in any case, perhaps with a final
/// dot.
///
/// Two values are equal if the whole names are; ``means(_:)`` compares them as names of hosts.
package struct Hostname: Sendable, Hashable {
    /// The whole name in lower case (ASCII), without white space around it and without a final dot.
    package let name: String
    /// The name up to the first dot; nil for text that names no host: an IP address, or text with an empty label.
    package let shortLabel: String?
    /// Whether the name has a domain after the short label.
    private let hasDomain: Bool

    /// Reads a name; nil for blank text.
    package init?(_ text: String) {
        var name = String(decoding: text.trimmed().asciiLowercased, as: UTF8.self)
        if name.hasSuffix(".") { name.removeLast() }
        guard !name.isEmpty else { return nil }
        self.name = name
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        let isAddress = name.contains(":") || labels.count > 1 && labels.allSatisfy { $0.allSatisfy(\.isNumber) }
        shortLabel = isAddress || labels.contains("") ? nil : labels.first.map(String.init)
        hasDomain = labels.count > 1
    }

    /// Whether both may be names of one host: they are the same, or one is the other without its domain.
    ///
    /// Names in two different domains are two hosts.
    package func means(_ other: Hostname) -> Bool {
        if name == other.name { return true }
        guard let shortLabel, shortLabel == other.shortLabel else { return false }
        return !hasDomain || !other.hasDomain
    }
}

extension Hostname {
    /// Labels that name whatever machine they are read on, in every domain.
    ///
    /// The kernel's name is `(none)` until somebody sets it.
    private static let loopback: Set<String> = ["localhost", "localhost4", "localhost6", "(none)", "none"]
    /// Names that installers and images leave, and that many machines share.
    private static let defaults: Set<String> = [
        "debian", "ubuntu", "fedora", "archlinux", "kali", "raspberrypi", "linux", "unassigned-hostname",
    ]

    /// Whether the name tells no machine apart: a name of the loopback interface in any domain, or one that an installer
    /// left, without a domain.
    package var isPlaceholder: Bool { isLoopback || !hasDomain && hasPlaceholderLabel }

    /// Whether the short label alone, without the domain, is a placeholder: `ubuntu.example.com` is none, its label is.
    package var hasPlaceholderLabel: Bool { isLoopback || shortLabel.map(Self.defaults.contains) == true }

    private var isLoopback: Bool { shortLabel.map(Self.loopback.contains) == true }
}
