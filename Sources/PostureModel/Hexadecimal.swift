/// Bytes in hexadecimal digits.
package enum Hexadecimal {
    /// The bytes of an even number of digits in upper or lower case; nil for any other text.
    package static func decode(_ text: String) -> [UInt8]? {
        let digits = text.utf8.compactMap(value(of:))
        guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    /// The bytes in lower case, two digits each.
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xf)]] }, as: UTF8.self)
    }

    /// What a digit stands for; nil for any other byte.
    fileprivate static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

/// Whether a text has the form of a UUID (RFC 9562 §4): hexadecimal digits in groups of 8, 4, 4, 4 and 12, in either case.
package func isUUID(_ text: some Collection<UInt8>) -> Bool {
    text.count == 36
        && text.enumerated().allSatisfy { offset, byte in
            [8, 13, 18, 23].contains(offset) ? byte == UInt8(ascii: "-") : Hexadecimal.value(of: byte) != nil
        }
}
