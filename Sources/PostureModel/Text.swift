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
        let isControl: (Unicode.Scalar) -> Bool = { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: true
            default: false
            }
        }
        return String(String.UnicodeScalarView(unicodeScalars.prefix(limit).map { isControl($0) ? "?" : $0 }))
    }

    /// The bytes with ASCII letters in lower case: what names are compared by, as DNS (RFC 4343) and NSS do.
    ///
    /// Not Unicode's case: by that the Kelvin sign is a k.
    package var asciiLowercased: [UInt8] {
        utf8.map { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 ? $0 | 0x20 : $0 }
    }
}
