/// Looks a TOML text over for what toml++ (v3.4) ends the process at, where it should refuse it: it asserts things that
/// it has not checked.
///
/// Those are a table's name that begins with none of what a name may begin with (`parse_key`), a bracket that closes
/// nothing (`parse_value`), and a date with a `T` and no time (`parse_time`). None of them is TOML.
struct TOMLScanner {
    /// What is wrong, and where.
    struct Flaw {
        let line: Int
        let text: String
    }

    private let bytes: [UInt8]
    private var index = 0
    private var line = 1
    private var open: [UInt8] = []

    /// The first flaw of a text, if there is one.
    static func flaw(in text: String) -> Flaw? {
        var scanner = TOMLScanner(text)
        return scanner.scan().map { Flaw(line: scanner.line, text: $0) }
    }

    private init(_ text: String) {
        bytes = Array(text.utf8)
    }

    private mutating func scan() -> String? {
        var isLineStart = true
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\n"):
                line += 1
                isLineStart = true
            // U+FEFF too, in UTF-8, which toml++ passes over at the beginning.
            case UInt8(ascii: " "), UInt8(ascii: "\t"), 0xef, 0xbb, 0xbf: break
            case UInt8(ascii: "\""), UInt8(ascii: "'"): skipString(byte)
            case UInt8(ascii: "#"): skip { $0 != UInt8(ascii: "\n") }
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                if isLineStart, open.isEmpty, !mayBeginTable() {
                    return "a table's name begins with a letter, a digit, '-', '_' or a quote"
                }
                // What closes it, two further in ASCII.
                open.append(byte + 2)
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                if open.popLast() != byte { return "'\(Unicode.Scalar(byte))' closes nothing that is open" }
            default: if isDateWithoutTime() { return "a date's 'T' is followed by a time" }
            }
            if byte > UInt8(ascii: " "), byte < 0x80 { isLineStart = false }
            index += 1
        }
        return nil
    }

    /// Whether a header that begins here has a name, or is refused by toml++ itself: an empty one, or one that the text
    /// ends in.
    private func mayBeginTable() -> Bool {
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var rest = bytes[(index + 1)...].drop(while: isBlank)
        if rest.first == UInt8(ascii: "[") { rest = rest.dropFirst().drop(while: isBlank) }
        guard let first = rest.first else { return true }
        switch first {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "\""),
            UInt8(ascii: "'"), UInt8(ascii: "]"):
            return true
        default: return false
        }
    }

    /// Whether here is the `T` of a date that no digit follows.
    private func isDateWithoutTime() -> Bool {
        func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        guard index >= 3, index + 1 < bytes.count, "Tt".utf8.contains(bytes[index]) else { return false }
        return bytes[index - 3] == UInt8(ascii: "-") && bytes[index - 2..<index].allSatisfy(isDigit)
            && !isDigit(bytes[index + 1])
    }

    /// Goes to the last byte of a string, or of its line where it does not end.
    private mutating func skipString(_ quote: UInt8) {
        let isLong = bytes[index...].starts(with: [quote, quote, quote])
        index += isLong ? 3 : 1
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\\") where quote == UInt8(ascii: "\""): index += 1
            case quote where !isLong: return
            case quote where bytes[index...].starts(with: [quote, quote, quote]):
                // Two quotes more may belong to it.
                skip { $0 == quote }
                return
            case UInt8(ascii: "\n"):
                if !isLong {
                    index -= 1
                    return
                }
                line += 1
            default: break
            }
            index += 1
        }
    }

    /// Goes to the last of the bytes from here that are so.
    private mutating func skip(while isSo: (UInt8) -> Bool) {
        while index + 1 < bytes.count, isSo(bytes[index + 1]) { index += 1 }
    }
}
