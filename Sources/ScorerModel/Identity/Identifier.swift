package import PostureModel

/// What Cloudflare may know a device by.
package struct Identifier: Sendable, Hashable {
    /// The kinds of identifier.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case warp, serial, hostname
    }

    /// The kind.
    package let kind: Kind
    /// The value, trimmed and in lower case; of a host name its first label.
    package let value: String

    /// Creates an identifier.
    ///
    /// - Returns: nil for a blank value, and for a serial number or a host name that is a placeholder.
    package init?(_ kind: Kind, _ value: String) {
        let trimmed = value.trimmed()
        guard !trimmed.isEmpty, trimmed.utf8.count <= 256, trimmed.printable() == trimmed else { return nil }
        guard let form = Self.form(of: trimmed, kind) else { return nil }
        self.value = form
        self.kind = kind
    }

    /// Reads an identifier that the store keeps, also one that would be refused today.
    package init(stored kind: Kind, _ value: String) { (self.kind, self.value) = (kind, value) }

    /// The good serial number of a report.
    package static func serial(of report: Report) -> Identifier? {
        report.facts.serials.best.flatMap { Identifier(.serial, $0.value) }
    }

    /// The host name of a report.
    package static func hostname(of report: Report) -> Identifier? {
        (report.facts.kernelHostname.value ?? report.facts.staticHostname.value).flatMap { Identifier(.hostname, $0) }
    }

    private static func form(of text: String, _ kind: Kind) -> String? {
        let lower = text.lowercased()
        switch kind {
        case .warp: return lower
        case .serial: return SerialNumber(text).junkReason == nil ? lower : nil
        case .hostname:
            guard let name = Hostname(text), !name.hasPlaceholderLabel else { return nil }
            return name.shortLabel
        }
    }
}

extension Identifier: Comparable {
    /// The order of lists: by kind, then by value.
    package static func < (left: Identifier, right: Identifier) -> Bool {
        (left.kind.rawValue, left.value) < (right.kind.rawValue, right.value)
    }
}
