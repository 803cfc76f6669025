/// A DER value: tag, length, contents.
package func tlv(_ tag: UInt8, _ contents: [UInt8]) -> [UInt8] {
    let length = contents.count
    if length < 0x80 { return [tag, UInt8(length)] + contents }
    if length < 0x100 { return [tag, 0x81, UInt8(length)] + contents }
    if length < 0x10000 { return [tag, 0x82, UInt8(length >> 8), UInt8(length & 0xff)] + contents }
    return [tag, 0x83, UInt8(length >> 16), UInt8(length >> 8 & 0xff), UInt8(length & 0xff)] + contents
}

/// The DER values that certificates are made of.
package enum DER {
    /// `TRUE`.
    package static let yes: [UInt8] = [0x01, 0x01, 0xff]

    /// A `SEQUENCE` of what is already encoded.
    package static func sequence(_ parts: [UInt8]...) -> [UInt8] { tlv(0x30, parts.flatMap { $0 }) }

    /// An `INTEGER` of at least 0.
    package static func integer(_ number: Int) -> [UInt8] {
        var octets: [UInt8] = []
        var rest = number
        repeat {
            octets.insert(UInt8(rest & 0xff), at: 0)
            rest >>= 8
        } while rest > 0
        return tlv(0x02, octets[0] >= 0x80 ? [0] + octets : octets)
    }

    /// An `OBJECT IDENTIFIER` in dotted form.
    package static func oid(_ dotted: String) -> [UInt8] {
        let arcs = dotted.split(separator: ".").compactMap { Int($0) }
        let octets = ([arcs[0] * 40 + arcs[1]] + arcs.dropFirst(2)).flatMap { arc -> [UInt8] in
            var groups = [UInt8(arc & 0x7f)]
            var rest = arc >> 7
            while rest > 0 {
                groups.insert(UInt8(rest & 0x7f) | 0x80, at: 0)
                rest >>= 7
            }
            return groups
        }
        return tlv(0x06, octets)
    }

    /// A `BIT STRING` of whole octets.
    package static func bits(_ octets: [UInt8]) -> [UInt8] { tlv(0x03, [0] + octets) }

    /// An RSA key of any numbers as certificates have it.
    package static func rsaKeyInfo(modulus: [UInt8], exponent: [UInt8]) -> [UInt8] {
        func number(_ octets: [UInt8]) -> [UInt8] { tlv(0x02, ((octets.first ?? 0x80) >= 0x80 ? [0] : []) + octets) }
        let algorithm = sequence(oid("1.2.840.113549.1.1.1"), [0x05, 0x00])
        return sequence(algorithm, bits(sequence(number(modulus), number(exponent))))
    }

    /// A time such as `20300101000000Z`, in the form that RFC 5280 §4.1.2.5 has for its year.
    package static func time(_ text: String) -> [UInt8] {
        ("1950"..<"2050").contains(text.prefix(4))
            ? tlv(0x17, Array(text.utf8.dropFirst(2))) : tlv(0x18, Array(text.utf8))
    }

    /// A `Name` of one common name, or an empty one.
    package static func name(_ commonName: String) -> [UInt8] {
        if commonName.isEmpty { return sequence() }
        return sequence(tlv(0x31, sequence(oid("2.5.4.3"), tlv(0x0c, Array(commonName.utf8)))))
    }

    /// An ECDSA signature as X9.62 has it, of the two numbers side by side that JWS has.
    package static func ecdsa(_ signature: [UInt8]) -> [UInt8] {
        let halves = [signature.prefix(signature.count / 2), signature.suffix(signature.count / 2)]
        return tlv(
            0x30,
            halves.flatMap { half in
                let digits = Array(half.drop { $0 == 0 })
                return tlv(0x02, (digits.first.map { $0 >= 0x80 } ?? true ? [0] : []) + digits)
            }
        )
    }
}
