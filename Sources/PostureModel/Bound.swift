/// What a member of a message may hold: the one bound that its sender keeps and its reader asks for.
package struct Bound<Value>: Sendable {
    /// The bound in words, after "is": `a UUID`, `at most 64 characters`.
    package let text: String
    let holds: @Sendable (Value) -> Bool

    init(_ text: String, holds: @escaping @Sendable (Value) -> Bool) {
        (self.text, self.holds) = (text, holds)
    }
}

extension Bound where Value == String {
    /// A text of so many Unicode scalars.
    static func text(_ limit: Int) -> Bound {
        // A scalar has four bytes at most: a text that is far too long is not walked through.
        Bound("at most \(limit) characters") { $0.utf8.count <= 4 * limit && $0.unicodeScalars.count <= limit }
    }

    /// A UUID of RFC 9562 §4, in lower case, as the kernel writes it.
    static let uuid = Bound("a UUID in lower case") { text in
        isUUID(text.utf8) && text.utf8.allSatisfy { isHex($0) || $0 == UInt8(ascii: "-") }
    }

    /// An id of machine-id(5).
    static let machineID = Bound("32 hexadecimal digits in lower case") { text in
        text.utf8.count == 32 && text.utf8.allSatisfy(isHex)
    }

    /// The id of a check, as configurations have it.
    static let checkID = Bound("1 to 64 letters, digits, '-', '_' and '.'") { text in
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "-_.".utf8.contains(byte)
            }
    }

    /// A SHA-256 in base64url.
    static let digest = Bound("a SHA-256 in base64url") { $0.utf8.count == 43 && Base64URL.decode($0)?.count == 32 }

    /// An IPv4 address in dotted form.
    static let ipv4 = Bound("an IPv4 address in dotted form") { text in
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.count) && part.allSatisfy { (0x30...0x39).contains($0) }
                    && UInt8(Substring(part)) != nil
            }
    }

    /// An id that WARP gives.
    static let warpID = Bound("1 to 128 bytes") { (1...128).contains($0.utf8.count) }
}

extension Bound where Value == Int64 {
    /// Seconds that a machine can have run.
    static let uptime = Bound("0 to 10,000,000,000 seconds") { (0...10_000_000_000).contains($0) }
}

extension Bound where Value == Int {
    /// A list of so many entries.
    static func entries(_ limit: Int) -> Bound { Bound("at most \(limit) entries") { $0 <= limit } }

    /// Something of so many bytes.
    static func bytes(_ limit: Int) -> Bound { Bound("at most \(limit) bytes") { $0 <= limit } }
}

private func isHex(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
}

/// A member of a message that is beyond its bound.
package struct MemberExcess: Error, Equatable, CustomStringConvertible {
    /// The member's path in the message, such as `facts.boot_id`.
    package let member: String
    /// What it is to be: ``Bound/text``.
    package let bound: String

    /// One sentence.
    package var description: String { "'\(member)' has to be \(bound)" }
}
