extension String {
    /// The text without white space and NULs around it.
    package func trimmed() -> String {
        let isBlank: (Unicode.Scalar) -> Bool = { $0.properties.isWhitespace || $0 == "\0" }
        var rest = unicodeScalars[...]
        rest = rest.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return String(rest)
    }

    /// The text in one line of at most `limit` scalars, without anything that could steer a terminal or forge a log.
    ///
    /// For whatever was written elsewhere and is shown to a person.
    package func printable(limit: Int = 1000) -> String {
        // Nearly all of it is ASCII, of which the categories need not be asked.
        if utf8.count <= limit, utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) { return self }
        return String(String.UnicodeScalarView(unicodeScalars.prefix(limit).map { $0.isHidden ? "?" : $0 }))
    }

    /// The text of a JSON document with each character that steers a terminal or cannot be seen written as a `\u` escape (RFC
    /// 8259 §7); its line ends and indentation stay.
    ///
    /// Outside of strings JSON has none of them.
    package func escapingHiddenInJSON() -> String {
        var shown = UnicodeScalarView()
        for scalar in unicodeScalars {
            guard scalar.isHidden, scalar != "\n" else {
                shown.append(scalar)
                continue
            }
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16)
                shown += "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".unicodeScalars
            }
        }
        return String(shown)
    }

    /// The bytes with ASCII letters in lower case: what names are compared by, as DNS (RFC 4343) and NSS do.
    ///
    /// Not Unicode's case: by that the Kelvin sign is a k.
    package var asciiLowercased: [UInt8] {
        utf8.map { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 ? $0 | 0x20 : $0 }
    }
}

extension Unicode.Scalar {
    /// Whether a character steers a terminal or cannot be seen: C0 and C1 controls, DEL, directions of writing (U+202E),
    /// zero-width characters, line and paragraph separators.
    package var isHidden: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
