package import OpenSSLBridge

/// A certificate that was made in this process: some tenths of a millisecond, where a ``TestPKI`` takes ten of them, and
/// any bytes may stand in it.
///
///     let root = try Issued.root("Corp Root")
///     let leaf = try root.leaf("laptop-1.acme.test") { $0.set(.keyUsage(.keyAgreement)) }
///
/// All are valid in 2030, and have keys on P-256 unless others are given.
package struct Issued: Sendable {
    /// The certificate in DER.
    package let der: [UInt8]
    /// Its private key.
    package let key: PrivateKey
    /// Its subject in DER.
    package let subject: [UInt8]
    /// The contents of its serial number's INTEGER.
    package let serial: [UInt8]

    private init(_ draft: Draft, key: PrivateKey) throws {
        der = try draft.signed()
        self.key = key
        (subject, serial) = (draft.subject, draft.serial)
    }

    /// Makes a root.
    package static func root(
        _ commonName: String,
        key: PrivateKey? = nil,
        change: (inout Draft) throws -> Void = { _ in }
    ) throws -> Issued {
        let key = try key ?? .generate(.p256)
        var draft = Draft(
            subject: DER.name(commonName),
            issuer: DER.name(commonName),
            publicKeyInfo: key.publicKeyInfo,
            extensions: authority + [.subjectKeyIdentifier(identifier(of: key))],
            signer: key,
            innerAlgorithm: Draft.algorithm(of: key),
            outerAlgorithm: Draft.algorithm(of: key)
        )
        try change(&draft)
        return try Issued(draft, key: key)
    }

    /// Issues a CA's certificate.
    package func ca(
        _ commonName: String,
        key: PrivateKey? = nil,
        change: (inout Draft) throws -> Void = { _ in }
    ) throws -> Issued {
        try issue(commonName, key, Self.authority, change)
    }

    /// Issues an end entity's certificate for clientAuth, with its common name for a DNS name.
    package func leaf(
        _ commonName: String = "laptop-1.acme.test",
        key: PrivateKey? = nil,
        change: (inout Draft) throws -> Void = { _ in }
    ) throws -> Issued {
        let extensions: [CertificateExtension] = [
            .basicConstraints(isCA: false), .keyUsage(.digitalSignature), .extendedKeyUsage("1.3.6.1.5.5.7.3.2"),
            .alternativeNames([.dns(commonName)]),
        ]
        return try issue(commonName, key, extensions, change)
    }

    /// The same with its signature spoilt.
    package var spoilt: Issued { Issued(self, der: der.dropLast() + [der[der.count - 1] ^ 1]) }

    private init(_ other: Issued, der: [UInt8]) {
        self.der = der
        (key, subject, serial) = (other.key, other.subject, other.serial)
    }

    private static let authority: [CertificateExtension] = [
        .basicConstraints(isCA: true), .keyUsage(.keyCertSign, .cRLSign),
    ]

    private func issue(
        _ commonName: String,
        _ key: PrivateKey?,
        _ extensions: [CertificateExtension],
        _ change: (inout Draft) throws -> Void
    ) throws -> Issued {
        let key = try key ?? .generate(.p256)
        var draft = Draft(
            subject: DER.name(commonName),
            issuer: subject,
            publicKeyInfo: key.publicKeyInfo,
            extensions: extensions + [
                .subjectKeyIdentifier(Self.identifier(of: key)),
                .authorityKeyIdentifier(Self.identifier(of: self.key)),
            ],
            signer: self.key,
            innerAlgorithm: Draft.algorithm(of: self.key),
            outerAlgorithm: Draft.algorithm(of: self.key)
        )
        try change(&draft)
        return try Issued(draft, key: key)
    }

    /// The identifier that certificates here have for a key.
    package static func identifier(of key: PrivateKey) -> [UInt8] { Array(key.publicKey.thumbprint.prefix(20)) }
}
