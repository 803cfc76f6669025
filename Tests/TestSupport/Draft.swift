public import OpenSSLBridge
import PostureModel

/// A certificate before it is signed: everything that stands in it may be made otherwise.
public struct Draft: Sendable {
    /// The contents of the serial number's INTEGER.
    public var serial = [0x40] + Digest.random(count: 8)
    /// The subject in DER.
    public var subject: [UInt8]
    /// The issuer in DER.
    public var issuer: [UInt8]
    /// The first second of the validity, as `YYYYMMDDHHMMSSZ`.
    public var notBefore = "20300101000000Z"
    /// The last one.
    public var notAfter = "20310101000000Z"
    /// The public key with its algorithm, in DER.
    public var publicKeyInfo: [UInt8]
    /// The extensions, in their order.
    public var extensions: [CertificateExtension]
    /// The P-256 key that signs.
    public var signer: PrivateKey
    /// The signature's algorithm as it stands in the signed part.
    public var innerAlgorithm = Draft.ecdsaWithSHA256
    /// The same, as it stands beside the signature.
    public var outerAlgorithm = Draft.ecdsaWithSHA256

    /// `ecdsa-with-SHA256`, which every signature here is, whatever the certificate says.
    public static let ecdsaWithSHA256 = DER.sequence(DER.oid("1.2.840.10045.4.3.2"))

    /// The extension with this OID; set to nil, it is removed.
    public subscript(oid: String) -> CertificateExtension? {
        get { extensions.first { $0.oid == oid } }
        set {
            let place = extensions.firstIndex { $0.oid == oid }
            extensions.removeAll { $0.oid == oid }
            if let newValue { extensions.insert(newValue, at: place ?? extensions.count) }
        }
    }

    /// Puts an extension into the place of the one with its OID, or behind the others.
    public mutating func set(_ other: CertificateExtension) { self[other.oid] = other }

    /// The certificate, signed.
    func signed() throws -> [UInt8] {
        let fields = DER.sequence(
            tlv(0xa0, DER.integer(2)),
            tlv(0x02, serial),
            innerAlgorithm,
            issuer,
            DER.sequence(DER.time(notBefore), DER.time(notAfter)),
            subject,
            publicKeyInfo,
            extensions.isEmpty ? [] : tlv(0xa3, tlv(0x30, extensions.flatMap(\.der)))
        )
        return DER.sequence(fields, outerAlgorithm, DER.bits(DER.ecdsa(try signer.sign(fields))))
    }
}

extension PrivateKey {
    /// The public half of a P-256 key as certificates have it.
    var publicKeyInfo: [UInt8] {
        guard case .ec(curve: .p256, let x, let y) = publicKey.jwk else { return [] }
        let algorithm = DER.sequence(DER.oid("1.2.840.10045.2.1"), DER.oid("1.2.840.10045.3.1.7"))
        return DER.sequence(algorithm, DER.bits([0x04] + x + y))
    }
}
