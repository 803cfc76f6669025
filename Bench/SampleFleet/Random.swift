internal import PostureModel
internal import TestSupport

/// What a fleet is made of, drawn at random.
extension SeededGenerator {
    /// Random bytes.
    mutating func bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            let word = next()
            for shift in stride(from: 0, to: 64, by: 8) where bytes.count < count {
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
            }
        }
        return bytes
    }

    /// Random characters of an alphabet.
    mutating func text(_ count: Int, of alphabet: [UInt8]) -> String {
        String(decoding: bytes(count).map { alphabet[Int($0) % alphabet.count] }, as: UTF8.self)
    }

    /// A random UUID in lower case.
    mutating func uuid() -> String {
        let digits = Hexadecimal.encode(bytes(16))
        var (text, rest) = ("", digits[...])
        for length in [8, 4, 4, 4, 12] {
            text += (text.isEmpty ? "" : "-") + rest.prefix(length)
            rest = rest.dropFirst(length)
        }
        return text
    }

    /// 32 random bytes in base64url, as a SHA-256 is written.
    mutating func digest() -> String { Base64URL.encode(bytes(32)) }

    /// Whether something is so that is so in `share` of a thousand cases.
    mutating func chance(perMille share: Int) -> Bool { Int.random(in: 0..<1000, using: &self) < share }

    /// One of several.
    mutating func pick<Value>(_ values: [Value]) -> Value { values[Int.random(in: values.indices, using: &self)] }
}
