internal import OpenSSLBridge
internal import PostureModel

/// The corporation's CAs with another key, which this process has: they sign whatever they are given.
///
/// Where the real ones would stop an input at its signature, these let it in as far as it goes. One key, made at the
/// start of the process, is everybody's.
enum Issuer {
    static let key: PrivateKey = {
        // Through PEM, as the agent's own key comes from its file.
        guard let pem = try? PrivateKey.generate(.p256).pem(), let key = try? PrivateKey(pem: pem) else {
            fatalError("no key can be made")
        }
        return key
    }()

    static let root = certificate(issued(Corp.root.der, key: .ours))
    static let issuing = certificate(issued(Corp.issuing.der, key: .ours))
    static let leaf = certificate(issued(Corp.leaf.der, key: .ours))

    /// Whose public key a certificate gets.
    enum SubjectKey { case ours, itsOwn }

    /// The certificate with a good signature, ECDSA with SHA-256; nil where the bytes have not the form of one.
    static func issued(_ der: [UInt8], key: SubjectKey) -> [UInt8]? {
        guard var certificate = DERValue(parsing: der), certificate.children.count == 3 else { return nil }
        var body = certificate.children[0]
        // tbsCertificate (RFC 5280 §4.1): the version is optional, before it nothing.
        let first = body.children.first?.tag == 0xa0 ? 1 : 0
        guard body.children.count >= first + 6 else { return nil }
        body.children[first + 1] = ecdsaWithSHA256
        if key == .ours { body.children[first + 5] = subjectPublicKeyInfo }
        guard let signature = try? Self.key.sign(body.encoded) else { return nil }
        certificate.children = [body, ecdsaWithSHA256, DERValue(tag: 0x03, .values([ecdsa(signature)], prefix: [0]))]
        return certificate.encoded
    }

    /// The CRL with a good signature; nil where the bytes have not the form of one.
    static func issuedList(_ der: [UInt8]) -> [UInt8]? {
        guard var list = DERValue(parsing: der), list.children.count == 3 else { return nil }
        var body = list.children[0]
        // tbsCertList (RFC 5280 §5.1): the version is optional, before it nothing.
        let first = body.children.first?.tag == 0x02 ? 1 : 0
        guard body.children.count > first else { return nil }
        body.children[first] = ecdsaWithSHA256
        guard let signature = try? Self.key.sign(body.encoded) else { return nil }
        list.children = [body, ecdsaWithSHA256, DERValue(tag: 0x03, .values([ecdsa(signature)], prefix: [0]))]
        return list.encoded
    }

    private static func certificate(_ der: [UInt8]?) -> Certificate {
        guard let der, let certificate = try? Certificate(der: der) else { fatalError("the issuer issues nothing") }
        return certificate
    }

    private static let ecdsaWithSHA256 = DERValue(
        tag: 0x30,
        .bytes([0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02])
    )

    private static let subjectPublicKeyInfo: DERValue = {
        guard case .ec(_, let x, let y) = key.publicKey.jwk else { fatalError("P-256 is a curve") }
        let publicKey: [UInt8] = [0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]
        let p256: [UInt8] = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]
        let algorithm = DERValue(tag: 0x30, .bytes(publicKey + p256))
        return DERValue(tag: 0x30, .values([algorithm, DERValue(tag: 0x03, .bytes([0, 0x04] + x + y))], prefix: []))
    }()

    /// Two numbers of 32 bytes as X9.62 has them: INTEGERs without needless zeros.
    private static func ecdsa(_ signature: [UInt8]) -> DERValue {
        let numbers = [signature.prefix(32), signature.suffix(32)].map { number in
            let digits = number.drop { $0 == 0 }
            return DERValue(tag: 0x02, .bytes((digits.first ?? 0x80) & 0x80 != 0 ? [0] + digits : Array(digits)))
        }
        return DERValue(tag: 0x30, .values(numbers, prefix: []))
    }
}
