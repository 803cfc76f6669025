/// A number of seconds for people: `40 s`, `12 min`, `3 h`, `2 days`.
package func duration(_ seconds: Int64) -> String {
    switch seconds {
    case ..<120: "\(seconds) s"
    case ..<7200: "\(seconds / 60) min"
    case ..<172_800: "\(seconds / 3600) h"
    default: "\(seconds / 86_400) days"
    }
}

/// A time in a policy's file: a number of seconds, or a text such as `30min`, `12h`, `3d`.
struct Seconds: Decodable {
    let count: Int64

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let count = try? value.decode(Int64.self) {
            self.count = count
        } else if let text = try? value.decode(String.self), let count = Self.parse(text) {
            self.count = count
        } else {
            throw DecodingError.dataCorruptedError(
                in: value,
                debugDescription:
                    "is a number of seconds, or a text such as \"90s\", \"30min\", \"12h\", \"3d\", \"2w\""
            )
        }
    }

    private static let units: [Substring: Int64] = ["s": 1, "min": 60, "h": 3600, "d": 86_400, "w": 604_800]

    static func parse(_ text: String) -> Int64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard digits.utf8.count <= 9, let number = Int64(digits), let unit = units[text[digits.endIndex...]] else {
            return nil
        }
        return number * unit
    }
}
