package import PostureModel

/// The states of a device that its answers named, so that a return to an earlier one is seen.
///
/// The scorer gives a receipt with every answer, and the next report shows it. A device key on two machines shows a receipt that
/// is neither that of the newest answer nor the one that the newest report showed.
package struct Continuity: Sendable, Equatable, Codable {
    /// The receipt that the newest report showed; nil for none.
    package var shown: String?
    /// The receipt of the answer to the newest report.
    package var answered: Receipt
    /// The stretches in which the device went on from one report to the next, the newest last.
    package var stretches: [Stretch]
    /// When a restored snapshot was seen last; nil if none was.
    package var restoredAt: Timestamp?

    /// Creates a history of its parts.
    package init(shown: String?, answered: Receipt, stretches: [Stretch], restoredAt: Timestamp? = nil) {
        (self.shown, self.answered) = (shown, answered)
        (self.stretches, self.restoredAt) = (stretches, restoredAt)
    }

    /// Forgets the states, but not how many there were: the next report begins anew, and no receipt is given twice.
    package mutating func beginAnew() { stretches = [] }

    /// The most stretches that are remembered.
    package static let stretchLimit = 32

    /// A run of reports of one boot without a return.
    package struct Stretch: Sendable, Equatable, Codable {
        /// The boot's id.
        package var boot: String
        /// The number of the first report's receipt.
        package var first: Int64
        /// The number of the last report's receipt.
        package var last: Int64
        /// Seconds since the epoch, by the scorer's clock, at which the boot began as the first report has it.
        package var began: Int64

        /// Creates a stretch of its parts.
        package init(boot: String, first: Int64, last: Int64, began: Int64) {
            (self.boot, self.first, self.last, self.began) = (boot, first, last, began)
        }
    }
}

/// A value that an answer gives and the next report shows: a number that counts reports, and a code by which the scorer knows it
/// again.
package struct Receipt: Sendable, Hashable, Codable {
    /// The text on the wire: the number, a full stop, and the code in base64url.
    package let text: String

    /// Creates the receipt of the report with this number.
    package init(number: Int64, code: [UInt8]) { text = "\(number).\(Base64URL.encode(code))" }

    /// The number of the report.
    package var number: Int64 { Self.number(in: text) ?? 0 }

    /// The number in a text that a report shows; nil if it has not the form of a receipt.
    package static func number(in text: String) -> Int64? {
        guard let dot = text.firstIndex(of: ".") else { return nil }
        return Int64(text[..<dot]).flatMap { $0 > 0 ? $0 : nil }
    }

    /// Reads a receipt that the store keeps.
    package init(from decoder: any Decoder) throws { text = try decoder.singleValueContainer().decode(String.self) }

    /// Writes the text alone.
    package func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        try value.encode(text)
    }
}
