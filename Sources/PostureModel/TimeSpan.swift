/// A length of time in whole seconds, as people write and read it: a number and one unit, such as `90s`, `30m`, `12h`,
/// `7d` or `2w`.
///
/// Every configuration file, command line and route takes this grammar, and every text that is shown has it.
package struct TimeSpan: Sendable, Hashable, Comparable {
    /// The grammar in one line, for an error or a help text.
    package static let examples = "90s, 30m, 12h, 7d or 2w"
    /// The longest number that is read: nine digits of weeks are far beyond any clock.
    private static let digitLimit = 9
    private static let units: [Substring: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]

    /// The length in seconds.
    package let seconds: Int64

    /// Creates a time span of so many seconds.
    package init(seconds: Int64) { self.seconds = seconds }

    /// Reads `90s`, `30m`, `12h`, `7d` or `2w`; nil for anything else, a number without a unit among it.
    package init?(_ text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard digits.utf8.count <= Self.digitLimit, let count = Int64(digits),
            let unit = Self.units[text[digits.endIndex...]]
        else { return nil }
        self.init(seconds: count * unit)
    }

    /// Whether one is the shorter.
    package static func < (left: TimeSpan, right: TimeSpan) -> Bool { left.seconds < right.seconds }
}

extension TimeSpan: CustomStringConvertible {
    /// The time span for people, rounded down to the largest unit of which it has two: `40s`, `12m`, `47h`, `2d`.
    ///
    /// A negative one is `0s`: the clock went back.
    package var description: String {
        switch seconds {
        case ..<0: "0s"
        case ..<120: "\(seconds)s"
        case ..<7200: "\(seconds / 60)m"
        case ..<172_800: "\(seconds / 3600)h"
        default: "\(seconds / 86_400)d"
        }
    }
}

extension TimeSpan: Decodable {
    /// Reads the text of a configuration file or a document.
    ///
    /// A number is refused: it does not say its unit.
    package init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        guard let text = try? value.decode(String.self), let span = TimeSpan(text) else {
            throw DecodingError.dataCorruptedError(
                in: value,
                debugDescription: "is a number with a unit in quotes, such as \(Self.examples)"
            )
        }
        self = span
    }
}
