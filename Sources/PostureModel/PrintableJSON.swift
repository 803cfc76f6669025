extension Wire {
    /// Reads JSON that another process or machine wrote, with every text in it made printable: values and keys, as
    /// ``Swift/String/printable(limit:)`` does.
    ///
    /// What is decoded with this can go to a terminal or into a log as it is.
    package static func decodePrintable<Value: Decodable>(
        _ type: Value.Type = Value.self,
        from bytes: [UInt8]
    ) throws(WireError) -> Value {
        try decode(type, from: printable(bytes))
    }

    /// The JSON with a `?` in the place of each character, written out or escaped, that could steer a terminal, hide text
    /// or forge a line; of a longer text, the first 4,000 characters.
    ///
    /// What is no JSON before is none after.
    static func printable(_ bytes: [UInt8]) -> [UInt8] {
        let isPlain = bytes.allSatisfy { (0x20..<0x7f).contains($0) && $0 != UInt8(ascii: "\\") }
        if isPlain, bytes.count <= textLimit { return bytes }
        var rest = String(decoding: bytes, as: UTF8.self).unicodeScalars[...]
        var shown = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            shown.append(scalar)
            guard scalar == "\"" else { continue }
            shown.append(contentsOf: text(from: &rest))
        }
        return Array(String(shown).utf8)
    }

    /// In characters.
    private static let textLimit = 4000

    /// Takes the rest of a string, with its quotation mark.
    private static func text(from rest: inout Substring.UnicodeScalarView) -> String.UnicodeScalarView {
        var shown = String.UnicodeScalarView()
        var count = 0
        while let scalar = rest.popFirst() {
            if scalar == "\"" {
                shown.append(scalar)
                return shown
            }
            let character = scalar == "\\" ? escape(from: &rest) : [scalar.isHidden ? "?" : scalar]
            count += 1
            if count <= textLimit { shown.append(contentsOf: character) }
        }
        return shown
    }

    /// Takes what follows a backslash (RFC 8259 §7), a pair of surrogates whole, and returns what is to stand there.
    private static func escape(from rest: inout Substring.UnicodeScalarView) -> [Unicode.Scalar] {
        guard let kind = rest.popFirst() else { return ["\\"] }
        guard kind == "u" else { return "nrtbf".unicodeScalars.contains(kind) ? ["?"] : ["\\", kind] }
        guard let first = unit(from: &rest) else { return ["\\", "u"] }
        var value = first
        if (0xd800..<0xdc00).contains(first) {
            var following = rest
            if following.popFirst() == "\\", following.popFirst() == "u", let low = unit(from: &following),
                (0xdc00..<0xe000).contains(low)
            {
                value = 0x10000 + (first - 0xd800) << 10 + (low - 0xdc00)
                rest = following
            }
        }
        // Half a pair is no character.
        guard let scalar = Unicode.Scalar(value), !scalar.isHidden else { return ["?"] }
        return scalar == "\"" || scalar == "\\" ? ["\\", scalar] : [scalar]
    }

    /// Takes four hexadecimal digits; nothing where there are none.
    private static func unit(from rest: inout Substring.UnicodeScalarView) -> UInt32? {
        let digits = rest.prefix(4)
        guard digits.count == 4, digits.allSatisfy({ $0.isASCII && $0.properties.isASCIIHexDigit }) else { return nil }
        rest = rest.dropFirst(4)
        return UInt32(String(digits), radix: 16)
    }
}
