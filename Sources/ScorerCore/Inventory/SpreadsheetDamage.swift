internal import PostureModel

/// The damage that a spreadsheet does to a text that it takes for a number, a date or a formula.
///
/// The original is lost: such a value would be imported and match nothing.
enum SpreadsheetDamage: Error, Equatable {
    case scientific, fraction, groups, roundedDigits, date, time, boolean
    case formula, quote, errorValue, tooNarrow, noValue
    case invisible(Unicode.Scalar)

    /// The damage of a value that names something exactly, such as a serial number or a name of a certificate.
    init?(ofName value: String) {
        if let damage = Self(ofText: value) {
            self = damage
            return
        }
        let text = value.trimmed()
        if text.hasPrefix("#") {
            self = .errorValue
        } else if unsafe text.wholeMatch(of: Form.scientific) != nil {
            self = .scientific
        } else if unsafe text.wholeMatch(of: Form.fraction) != nil {
            self = .fraction
        } else if unsafe text.wholeMatch(of: Form.groups) != nil {
            self = .groups
        } else if unsafe text.wholeMatch(of: Form.roundedDigits) != nil {
            self = .roundedDigits
        } else if Self.isDate(text) {
            self = .date
        } else if unsafe text.wholeMatch(of: Form.time) != nil {
            self = .time
        } else if ["true", "false"].contains(text.lowercased()) {
            self = .boolean
        } else if ["null", "none", "nan", "n/a", "undefined"].contains(text.lowercased()) {
            self = .noValue
        } else {
            return nil
        }
    }

    /// The damage of any value.
    init?(ofText value: String) {
        // White space of ASCII around a value does no harm, and is taken away.
        let hidden = value.unicodeScalars.first { scalar in
            scalar.value >= 0x80 && (scalar.isHidden || scalar.properties.isWhitespace)
        }
        let text = value.trimmed()
        if let hidden {
            self = .invisible(hidden)
        } else if text.hasPrefix("=") {
            self = .formula
        } else if let first = text.first, "'\"`\u{2018}\u{2019}\u{201c}\u{201d}".contains(first) {
            self = .quote
        } else if text.count > 1, text.allSatisfy({ $0 == "#" }) {
            self = .tooNarrow
        } else if unsafe text.wholeMatch(of: Form.errorValue) != nil {
            self = .errorValue
        } else {
            return nil
        }
    }

    /// The forms that a value may have, each compiled once: an inventory has hundreds of thousands of values.
    ///
    /// `Regex` is not `Sendable`, since one may have parts that a program makes; these are literals, which nothing changes.
    private enum Form {
        /// A number with an exponent that has a sign, or with a fraction: `1E10` alone may be a serial number.
        nonisolated(unsafe) static let scientific = /[+-]?\d+(?:[.,]\d+[eE][+-]?|[eE][+-])\d+/
        nonisolated(unsafe) static let fraction = /\d+[.,]0+/
        nonisolated(unsafe) static let groups = /\d{1,3}(,\d{3})+|\d{1,3}(\.\d{3}){2,}/
        nonisolated(unsafe) static let roundedDigits = /\d{15}000+/
        nonisolated(unsafe) static let time = /\d{1,2}:\d{2}(:\d{2})?( ?[AaPp][Mm])?/
        nonisolated(unsafe) static let errorValue =
            /#[\p{Lu}\u{a1}\u{bf}_\/0-9]+[!?]|#(N\/A|NV|N\/D|ND|NA|GETTING_DATA)|Err:\d+/
        nonisolated(unsafe) static let date = /(\d{1,4})([-\/.])(\d{1,2})\2(\d{1,4})([T ]\d{1,2}:\d{2}.*)?/
        nonisolated(unsafe) static let month =
            /(?i)(\d{1,2}[- .])?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mrz|mai|okt|dez)[- .](\d{2}|\d{4})/
        nonisolated(unsafe) static let day =
            /(?i)\d{1,2}[- .](jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mrz|mai|okt|dez)\.?/
    }

    /// Whether a text is a day of a calendar, in one of the orders that there are, perhaps with a time.
    private static func isDate(_ text: String) -> Bool {
        if let date = unsafe text.wholeMatch(of: Form.date) {
            let parts = [date.1, date.3, date.4].compactMap { Int($0) }
            guard parts.count == 3 else { return false }
            let isYear = { (index: Int, digits: Substring) in
                digits.count == 2 || digits.count == 4 && (1900...2100).contains(parts[index])
            }
            let isDay = { (month: Int, day: Int) in (1...12).contains(month) && (1...31).contains(day) }
            if isYear(0, date.1), isDay(parts[1], parts[2]) { return true }
            return isYear(2, date.4) && (isDay(parts[0], parts[1]) || isDay(parts[1], parts[0]))
        }
        return unsafe text.wholeMatch(of: Form.month) != nil || text.wholeMatch(of: Form.day) != nil
    }
}

extension SpreadsheetDamage: CustomStringConvertible {
    /// What the value is, and what to do, as a clause without a subject.
    package var description: String {
        let asText = "format the column as text before the values come into it, and export it again"
        return switch self {
        case .scientific: "is a number in scientific notation, as a spreadsheet shows a long one: \(asText)"
        case .fraction: "is a number with a fraction, as a spreadsheet writes one: \(asText)"
        case .groups: "is a number with its digits in groups, as a spreadsheet shows one: \(asText)"
        case .roundedDigits: "is a number whose digits after the fifteenth a spreadsheet made zeros: \(asText)"
        case .date: "is a date, which a spreadsheet makes of some numbers: \(asText)"
        case .time: "is a time, which a spreadsheet makes of some numbers: \(asText)"
        case .boolean: "is true or false, and no name: \(asText)"
        case .formula: "is a formula of a spreadsheet: export the values, without the '=' and the quotes"
        case .quote: "begins with an apostrophe or a quote, which a spreadsheet has before text: remove it"
        case .errorValue: "is an error of a spreadsheet: correct the cell, and export it again"
        case .tooNarrow: "is what a spreadsheet shows in a column that is too narrow: widen it, and export it again"
        case .noValue: "means that there is no value: leave the field empty"
        case .invisible(let scalar):
            "has the invisible character U+\(String(scalar.value, radix: 16, uppercase: true).padded(to: 4)): remove it"
        }
    }
}

extension String {
    fileprivate func padded(to length: Int) -> String { String(repeating: "0", count: max(0, length - count)) + self }
}
