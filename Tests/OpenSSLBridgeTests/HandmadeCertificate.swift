import PostureModel
import TestSupport

/// A certificate put together byte by byte, for what the `openssl` program will not make; its signature is none.
struct HandmadeCertificate {
    /// The contents of the serial number's INTEGER.
    var serial: [UInt8] = [0x01]
    /// The attributes of the subject: each a relative distinguished name of its own.
    var subject: [[UInt8]] = [commonName(tag: 0x0c, Array("laptop-1.acme.test".utf8))]
    /// The contents of the UTCTime.
    var notBefore = "300101000000Z"
    var notAfter = "310101000000Z"
    var extensions: [[UInt8]] = []

    var der: [UInt8] {
        let name = tlv(0x30, subject.flatMap { tlv(0x31, $0) })
        let validity = tlv(0x30, tlv(0x17, Array(notBefore.utf8)) + tlv(0x17, Array(notAfter.utf8)))
        var fields = tlv(0xa0, tlv(0x02, [2])) + tlv(0x02, serial) + Self.ecdsaWithSHA256
        fields += name + validity + name + Self.publicKey
        if !extensions.isEmpty { fields += tlv(0xa3, tlv(0x30, extensions.flatMap { $0 })) }
        return tlv(0x30, tlv(0x30, fields) + Self.ecdsaWithSHA256 + tlv(0x03, [0]))
    }

    /// An attribute `CN` whose value has the string type `tag`.
    static func commonName(tag: UInt8, _ value: [UInt8]) -> [UInt8] {
        tlv(0x30, [0x06, 0x03, 0x55, 0x04, 0x03] + tlv(tag, value))
    }

    /// An extension `extendedKeyUsage` with these bytes as its value.
    static func extendedKeyUsage(_ value: [UInt8]) -> [UInt8] {
        tlv(0x30, [0x06, 0x03, 0x55, 0x1d, 0x25] + tlv(0x04, value))
    }

    /// An extension that nobody knows.
    static func unknownExtension(length: Int) -> [UInt8] {
        tlv(0x30, [0x06, 0x03, 0x2a, 0x03, 0x04] + tlv(0x04, [UInt8](repeating: 0, count: length)))
    }

    private static let ecdsaWithSHA256 = tlv(0x30, [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02])

    /// The key of RFC 7515, appendix A.3.
    private static let publicKey: [UInt8] = {
        guard case .ec(_, let x, let y) = RFC.es256Key else { return [] }
        let algorithm = tlv(
            0x30,
            [0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]
                + [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]
        )
        return tlv(0x30, algorithm + tlv(0x03, [0, 0x04] + x + y))
    }()
}
