internal import PostureModel

/// A host name as a person or a machine says it: with a domain or without, in any case, perhaps with a final dot.
package struct SpokenHostname: Equatable {
    /// The whole name in lower case, without a final dot.
    private let name: String
    /// Its labels; none for what is no name of a host: an IP address, or a text with an empty label.
    private let labels: [Substring]

    /// Reads a name.
    package init(_ text: String) {
        var name = String(decoding: text.trimmed().asciiLowercased, as: UTF8.self)
        if name.hasSuffix(".") { name.removeLast() }
        self.name = name
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        let isAddress = name.contains(":") || labels.count > 1 && labels.allSatisfy { $0.allSatisfy(\.isNumber) }
        self.labels = isAddress || labels.contains("") ? [] : labels
    }

    /// Whether both may be names of one host: they are the same, or one is the other without its domain.
    ///
    /// Two domains that differ are two hosts.
    package func means(_ other: SpokenHostname) -> Bool {
        if name.isEmpty { return false }
        if name == other.name { return true }
        guard let label = labels.first, label == other.labels.first else { return false }
        return labels.count == 1 || other.labels.count == 1
    }
}
