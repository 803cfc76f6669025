import Foundation
import Synchronization

/// A throw-away public key infrastructure, made with the `openssl` program in a temporary directory.
///
///     let pki = try TestPKI()
///     let root = try pki.ca("Corp Root")
///     let issuing = try pki.ca("Corp Issuing", issuer: root)
///     let leaf = try pki.leaf("laptop-1.acme.test", issuer: issuing, validity: .expired)
///
/// A certificate is one run of the program, about 10 ms with an EC key; one with dates of its own is two.
package final class TestPKI: Sendable {
    private let directory: TemporaryDirectory
    private let count = Atomic(0)

    /// Makes an infrastructure without certificates.
    package init() throws {
        directory = try TemporaryDirectory("pki")
    }

    /// Makes a CA certificate: a root, or one that `issuer` issues.
    ///
    /// `extensions` replaces, adds or (nil) removes extensions by their OpenSSL names; `digest` is what is signed.
    package func ca(
        _ commonName: String,
        issuer: TestCertificate? = nil,
        key: Key = .p256,
        validity: Validity = .current,
        extensions: [String: String?] = [:],
        digest: String = "sha256"
    ) throws -> TestCertificate {
        let standard: [String: String?] = [
            "basicConstraints": "critical,CA:TRUE",
            "keyUsage": "critical,keyCertSign,cRLSign",
        ]
        return try certificate(
            subject: [("CN", commonName)],
            issuer: issuer,
            key: key,
            validity: validity,
            extensions: standard.merging(extensions) { $1 },
            digest: digest
        )
    }

    /// Makes an end entity's certificate, self-signed if `issuer` is nil.
    ///
    /// `commonName` is the subject's CN, and its DNS name unless `names` says otherwise. `subject` is the whole subject
    /// instead, as pairs of OpenSSL's short names and values. `names` are subject alternative names such as
    /// `DNS:a.test` and `email:a@b.test`, and `eku` extended key usages by their OpenSSL names or as OIDs; no such
    /// extension if empty. `extensions` replaces, adds or (nil) removes extensions by their OpenSSL names.
    package func leaf(
        _ commonName: String,
        issuer: TestCertificate?,
        subject: [(String, String)]? = nil,
        names: [String]? = nil,
        eku: [String] = ["clientAuth"],
        key: Key = .p256,
        validity: Validity = .current,
        extensions: [String: String?] = [:],
        digest: String = "sha256"
    ) throws -> TestCertificate {
        let names = names ?? ["DNS:\(commonName)"]
        let standard: [String: String?] = [
            "basicConstraints": "critical,CA:FALSE",
            "keyUsage": "critical,digitalSignature",
            "extendedKeyUsage": eku.isEmpty ? nil : eku.joined(separator: ","),
            "subjectAltName": names.isEmpty ? nil : names.joined(separator: ","),
        ]
        return try certificate(
            subject: subject ?? [("CN", commonName)],
            issuer: issuer,
            key: key,
            validity: validity,
            extensions: standard.merging(extensions) { $1 },
            digest: digest
        )
    }

    private func certificate(
        subject: [(String, String)],
        issuer: TestCertificate?,
        key: Key,
        validity: Validity,
        extensions: [String: String?],
        digest: String
    ) throws -> TestCertificate {
        let stem = directory.file("\(count.add(1, ordering: .relaxed).newValue)")
        let request = CertificateRequest(
            stem: stem,
            subject: subject,
            issuer: issuer,
            key: key,
            validity: validity,
            extensions: extensions,
            digest: digest
        )
        try request.run()
        let pem = String(decoding: try contents(of: request.certificatePath), as: UTF8.self)
        let body = pem.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
        guard let der = Data(base64Encoded: body) else { throw ToolError(description: "openssl printed no PEM") }
        return TestCertificate(
            der: [UInt8](der),
            pem: pem,
            keyPEM: String(decoding: try contents(of: request.keyPath), as: UTF8.self),
            certificatePath: request.certificatePath,
            keyPath: request.keyPath,
            directory: directory
        )
    }
}
