internal import ConfigurationFile
package import OpenSSLBridge
internal import PostureModel

/// A CA that is to be trusted, with a name: its certificates were looked at, and nothing else of what came with them is
/// kept.
package struct TrustedCA: Sendable {
    /// The most bytes that are read of a file or of a request.
    package static let sizeLimit = 256 * 1024
    /// The most certificates that are trusted under one id.
    static let certificateLimit = 32
    /// The most CAs that there can be.
    package static let limit = 1000

    package let name: String
    package let certificates: [Certificate]

    /// Takes certificates in PEM, or one in DER, each of which has to be a CA's.
    ///
    /// - Throws: ``OperatorError`` with a sentence that names what is wrong, and never what was given.
    package init(name: String, certificates bytes: [UInt8]) throws(OperatorError) {
        guard (1...128).contains(name.unicodeScalars.count), !name.trimmed().isEmpty, name.printable() == name else {
            throw OperatorError(.malformed, "the name is 1 to 128 printable characters")
        }
        guard !EncodedContent.hasPrivateKey(bytes) else { throw .privateKey }
        let parsed: [Certificate]
        do throws(PEMError) { parsed = try Certificate.parse(bytes) } catch {
            throw OperatorError(.malformed, "the certificates cannot be read as PEM or DER: what was given \(error)")
        }
        guard parsed.count <= Self.certificateLimit else {
            throw OperatorError(
                .malformed,
                "there are \(parsed.count) certificates; \(Self.certificateLimit) are trusted under one id at most"
            )
        }
        if let other = parsed.first(where: { !$0.mayIssue }) {
            throw OperatorError(
                .malformed,
                "\(other.subject) is not a CA's certificate: upload that of the CA which issued it (basicConstraints CA:TRUE, "
                    + "and keyCertSign where there is a key usage)"
            )
        }
        for certificate in parsed {
            guard let refusal = certificate.keyRefusal else { continue }
            throw OperatorError(
                .malformed,
                "the key of \(certificate.subject) is not used: it is \(certificate.keyName), and \(refusal); trust a CA with "
                    + "an RSA key of 2048 to 8192 bits, or an EC key on P-256 or P-384"
            )
        }
        self.name = name
        var seen: Set<[UInt8]> = []
        certificates = parsed.filter { seen.insert($0.der).inserted }
    }

    /// Takes the certificates of a file.
    ///
    /// - Throws: ``OperatorError``, or an error that says why the file cannot be read.
    package init(name: String, file path: String) throws {
        try self.init(name: name, certificates: readFile(path, limit: Self.sizeLimit))
    }

    /// The certificates as PEM (RFC 7468 §5), written anew.
    var pem: String { certificates.map(\.pem).joined() }

    /// The same for the same certificates, in whatever order.
    package var digest: String {
        Base64URL.encode(Digest.sha256(Array(certificates.map(\.fingerprint).sorted().joined(separator: "\n").utf8)))
    }
}

extension OperatorError {
    /// A private key was sent along with a CA.
    package static let privateKey = OperatorError(
        .malformed,
        "a private key came along: it was not kept. A CA's key belongs with the CA alone; send the certificates without it, "
            + "and if it was sent over a network, take it for disclosed"
    )
}

extension Certificate {
    /// The certificate as PEM (RFC 7468 §5).
    fileprivate var pem: String {
        let text = Array(Base64.encode(der).utf8)
        let lines = stride(from: 0, to: text.count, by: 64).map { start in
            String(decoding: text[start..<min(start + 64, text.count)], as: UTF8.self)
        }
        return "-----BEGIN CERTIFICATE-----\n\(lines.joined(separator: "\n"))\n-----END CERTIFICATE-----\n"
    }
}
