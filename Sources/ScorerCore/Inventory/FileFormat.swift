internal import PostureModel

/// The format of a file that should be comma-separated values in UTF-8, and is not.
enum FileFormat: Equatable, CustomStringConvertible {
    case workbook, wideCharacters
    case separated(by: Separator)

    /// What else separates fields.
    enum Separator: String, CaseIterable {
        case semicolon = ";"
        case tab = "\t"
        case bar = "|"
    }

    /// Tells by the first bytes and the first line, where one of the columns `known` is; nil for a file that may be read.
    init?(of bytes: [UInt8], naming known: Set<String> = ["serial"]) {
        // A ZIP archive, which .xlsx and .ods are, and the container of .xls.
        let archives: [[UInt8]] = [[0x50, 0x4b, 0x03, 0x04], [0xd0, 0xcf, 0x11, 0xe0]]
        if archives.contains(where: bytes.starts(with:)) {
            self = .workbook
            return
        }
        let start = bytes.prefix(1000)
        if start.starts(with: [0xff, 0xfe]) || start.starts(with: [0xfe, 0xff]) || start.contains(0) {
            self = .wideCharacters
            return
        }
        let text = String(decoding: start, as: UTF8.self).drop { $0.isWhitespace || $0 == "\u{feff}" }
        let line = text.prefix { !$0.isNewline }.lowercased()
        for separator in Separator.allCases {
            let names = line.split(separator: separator.rawValue, omittingEmptySubsequences: false).map { name in
                String(name.filter { $0 != "\"" }).trimmed()
            }
            if names.count > 1 && !known.isDisjoint(with: names) || line == "sep=\(separator.rawValue)" {
                self = .separated(by: separator)
                return
            }
        }
        return nil
    }

    /// What the file is, and what to do.
    var description: String {
        switch self {
        case .workbook: "the file is a spreadsheet's own (.xlsx, .ods, .xls): export it as CSV in UTF-8"
        case .wideCharacters: "the file is UTF-16 or UTF-32: export it as CSV in UTF-8"
        case .separated(let separator):
            "the fields are separated by \(separator)s: export the file separated by commas"
        }
    }
}
