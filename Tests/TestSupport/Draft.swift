package import OpenSSLBridge
import PostureModel

/// A certificate before it is signed: everything that stands in it may be made otherwise.
package struct Draft: Sendable {
    /// The version, 1 to 3 or another; nil: the field is left out, which stands for 1.
    package var version: Int? = 3
    /// The unique identifiers as they will stand behind the key, in DER.
    package var uniqueIdentifiers: [UInt8] = []
    /// The contents of the serial number's INTEGER.
    package var serial = [0x40] + Digest.random(count: 8)
    /// The subject in DER.
    package var subject: [UInt8]
    /// The issuer in DER.
    package var issuer: [UInt8]
    /// The first second of the validity, as `YYYYMMDDHHMMSSZ`.
    package var notBefore = "20300101000000Z"
    /// The last one.
    package var notAfter = "20310101000000Z"
    /// The public key with its algorithm, in DER.
    package var publicKeyInfo: [UInt8]
    /// The extensions, in their order.
    package var extensions: [CertificateExtension]
    /// The key that signs.
    package var signer: PrivateKey
    /// The signature's algorithm as it stands in the signed part.
    package var innerAlgorithm = Draft.ecdsaWithSHA256
    /// The same, as it stands beside the signature.
    package var outerAlgorithm = Draft.ecdsaWithSHA256

    /// What signs in the place of ``signer``: from the signed part to the contents of the signature's BIT STRING.
    package var sign: (@Sendable ([UInt8]) throws -> [UInt8])?

    /// `ecdsa-with-SHA256`.
    package static let ecdsaWithSHA256 = DER.sequence(DER.oid("1.2.840.10045.4.3.2"))
    /// `sha256WithRSAEncryption`.
    package static let rsaWithSHA256 = DER.sequence(DER.oid("1.2.840.113549.1.1.11"), [0x05, 0x00])

    /// The algorithm that a key signs certificates with.
    static func algorithm(of key: PrivateKey) -> [UInt8] {
        switch key.publicKey.jwk {
        case .ec(.p256, _, _): ecdsaWithSHA256
        case .ec(.p384, _, _): DER.sequence(DER.oid("1.2.840.10045.4.3.3"))
        case .rsa: rsaWithSHA256
        }
    }

    /// The extension with this OID; set to nil, it is removed.
    package subscript(oid: String) -> CertificateExtension? {
        get { extensions.first { $0.oid == oid } }
        set {
            let place = extensions.firstIndex { $0.oid == oid }
            extensions.removeAll { $0.oid == oid }
            if let newValue { extensions.insert(newValue, at: place ?? extensions.count) }
        }
    }

    /// Puts an extension into the place of the one with its OID, or behind the others.
    package mutating func set(_ other: CertificateExtension) { self[other.oid] = other }

    /// The certificate, signed.
    func signed() throws -> [UInt8] {
        let fields = DER.sequence(
            version.map { tlv(0xa0, $0 > 0 ? DER.integer($0 - 1) : tlv(0x02, [0xff])) } ?? [],
            tlv(0x02, serial),
            innerAlgorithm,
            issuer,
            DER.sequence(DER.time(notBefore), DER.time(notAfter)),
            subject,
            publicKeyInfo,
            uniqueIdentifiers,
            extensions.isEmpty ? [] : tlv(0xa3, tlv(0x30, extensions.flatMap(\.der)))
        )
        return DER.sequence(fields, outerAlgorithm, DER.bits(try sign?(fields) ?? signature(over: fields)))
    }

    private func signature(over fields: [UInt8]) throws -> [UInt8] {
        if case .rsa = signer.publicKey.jwk { return try signer.sign(fields, algorithm: .rs256) }
        return DER.ecdsa(try signer.sign(fields))
    }
}

extension PrivateKey {
    /// The public half of the key as certificates have it.
    package var publicKeyInfo: [UInt8] {
        switch publicKey.jwk {
        case .ec(let curve, let x, let y):
            let name = DER.oid(curve == .p256 ? "1.2.840.10045.3.1.7" : "1.3.132.0.34")
            return DER.sequence(DER.sequence(DER.oid("1.2.840.10045.2.1"), name), DER.bits([0x04] + x + y))
        case .rsa(let modulus, let exponent): return DER.rsaKeyInfo(modulus: modulus, exponent: exponent)
        }
    }
}
