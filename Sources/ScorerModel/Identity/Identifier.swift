package import PostureModel

/// A name that one device holds: what Cloudflare may know it by, or the key of its certificate.
package struct Identifier: Sendable, Hashable {
    /// The kinds of identifier.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// An id of the WARP client: Cloudflare's `device_id`.
        case warp
        /// A serial number.
        case serial
        /// A certificate's key.
        case key
    }

    /// The kind.
    package let kind: Kind
    /// The value, trimmed and in lower case; of a key the SHA-256 of its `SubjectPublicKeyInfo` in base64url.
    package let value: String

    /// Creates an identifier.
    ///
    /// - Returns: nil for a blank value, and for a serial number that is a placeholder.
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

    /// The key of a certificate, by ``CheckVerdict/key``.
    package static func key(_ fingerprint: String) -> Identifier { Identifier(stored: .key, fingerprint) }

    private static func form(of text: String, _ kind: Kind) -> String? {
        let lower = text.lowercased()
        switch kind {
        case .warp: return lower
        case .serial: return SerialNumber(text).junkReason == nil ? lower : nil
        case .key: return text
        }
    }
}

extension Identifier: Comparable {
    /// The order of lists: by kind, then by value.
    package static func < (left: Identifier, right: Identifier) -> Bool {
        (left.kind.rawValue, left.value) < (right.kind.rawValue, right.value)
    }
}
