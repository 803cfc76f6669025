/// How much work an encrypted or signed value of `key4.db` asks of whoever tries a password on it, the empty one too.
///
/// Such a value is `SEQUENCE { SEQUENCE { OID, parameters }, OCTET STRING }`, and somewhere in the parameters stands a
/// salt, an OCTET STRING, with the number of iterations behind it, and perhaps the length of the key. NSS takes whatever
/// stands there, and cannot be called back.
///
/// - SeeAlso: RFC 8018, appendix A
struct PasswordCost: Equatable {
    /// The most iterations that are waited for, a second or so; NSS makes 600,000 at most.
    static let iterationLimit: UInt64 = 1_000_000
    /// The most bytes of a key.
    static let keyLimit: UInt64 = 1024

    /// How often the password is hashed.
    private(set) var iterations: UInt64 = 0
    /// The longest key that is asked for, in bytes; 0 where none is named.
    private(set) var keyLength: UInt64 = 0

    var isExcessive: Bool {
        iterations > PasswordCost.iterationLimit || keyLength > PasswordCost.keyLimit
    }

    /// Takes the parameters of a value; nil where it is no such value.
    init?(parsing bytes: Span<UInt8>) {
        guard let value = Element(bytes, at: 0, end: bytes.count), value.tag == 0x30,
            let algorithm = Element(bytes, at: value.start, end: value.end), algorithm.tag == 0x30
        else { return nil }
        read(bytes, algorithm, depth: 0)
    }

    private mutating func read(_ bytes: Span<UInt8>, _ sequence: Element, depth: Int) {
        // PBES2 and PBMAC1 have their numbers three levels down.
        guard depth < 8 else { return }
        var position = sequence.start
        var numbers = 0
        var hasSalt = false
        while let element = Element(bytes, at: position, end: sequence.end) {
            switch element.tag {
            case 0x30: read(bytes, element, depth: depth + 1)
            case 0x04: hasSalt = true
            case 0x02 where hasSalt:
                numbers += 1
                let number = element.number(in: bytes)
                if numbers == 1 { iterations = max(iterations, number) } else { keyLength = max(keyLength, number) }
            default: break
            }
            position = element.end
        }
    }

    /// A tag, and where its value is.
    private struct Element {
        let tag: UInt8
        let start: Int
        let end: Int

        init?(_ bytes: Span<UInt8>, at position: Int, end limit: Int) {
            guard position + 2 <= limit else { return nil }
            tag = bytes[position]
            var start = position + 2
            var length = Int(bytes[position + 1])
            if length >= 0x80 {
                let count = length & 0x7F
                guard count <= 4, start + count <= limit else { return nil }
                length = (start..<start + count).reduce(0) { $0 << 8 | Int(bytes[$1]) }
                start += count
            }
            guard length <= limit - start else { return nil }
            (self.start, end) = (start, start + length)
        }

        /// The number as it stands; one of more than eight bytes is as large as can be.
        func number(in bytes: Span<UInt8>) -> UInt64 {
            var first = start
            while first < end, bytes[first] == 0 { first += 1 }
            guard end - first <= 8 else { return .max }
            return (first..<end).reduce(0) { $0 << 8 | UInt64(bytes[$1]) }
        }
    }
}
