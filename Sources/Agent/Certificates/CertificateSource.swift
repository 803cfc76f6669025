internal import ConfigurationFile
internal import Files
internal import NSSBridge
internal import OpenSSLBridge
internal import PostureModel

/// Where a check looks for its certificate.
package enum CertificateSource: Sendable, Equatable, CustomStringConvertible {
    /// An NSS database, with the credential that holds its password and the PINs of its tokens.
    case database(path: String, password: Credential?)
    /// PEM files: the certificate's, and its private key's, which may be the same.
    case files(certificate: String, privateKey: String)

    /// The path for a person.
    package var description: String {
        switch self {
        case .database(let path, _): path
        case .files(let certificate, _): certificate
        }
    }

    /// Looks at everything that is there; nothing is judged.
    func contents() async throws(LookFailure) -> Contents {
        switch self {
        case .database(let path, let credential): try await Self.database(path, credential)
        case .files(let certificate, let privateKey): try Self.files(certificate, privateKey)
        }
    }

    /// A signature by the key of one of the certificates, in the form of JWS.
    func sign(_ input: [UInt8], with key: StoredCertificate.Key, _ algorithm: SignatureAlgorithm) async throws
        -> [UInt8]
    {
        switch (self, key) {
        case (.database(let path, let credential), .token(let stored)):
            let passwords = try credential?.passwords()
            return try await NSS.withDatabase(at: path, passwords: passwords) { database in
                try database.sign(input, keyOf: stored, algorithm: algorithm)
            }
        case (_, .file(let path)):
            return try PrivateKey(readFile(path)).sign(input, algorithm: algorithm)
        case (.files, .token): throw AgentError("the key is in a database, and there is none")
        }
    }
}

// MARK: - NSS databases

extension CertificateSource {
    private static func database(_ path: String, _ credential: Credential?) async throws(LookFailure) -> Contents {
        do {
            let passwords = try credential?.passwords()
            return try await NSS.withDatabase(at: path, passwords: passwords) { database in
                var contents = Contents()
                for entry in try database.certificates() {
                    guard let certificate = try? Certificate(der: entry.der) else {
                        contents.passedOver.append("\(entry.phrase) is no certificate in DER")
                        continue
                    }
                    contents.certificates.append(
                        StoredCertificate(
                            certificate: certificate,
                            nickname: entry.nickname,
                            token: entry.token,
                            privateKey: entry.privateKey,
                            key: .token(entry)
                        )
                    )
                }
                contents.passedOver += database.passedOver
                contents.unseen = database.unseen
                contents.othersMayWrite = database.access.othersMayWrite
                contents.othersMayReadKeys = database.access.othersMayReadKeys
                return contents
            }
        } catch let error as NSSDatabaseError where error.isAbsent {
            throw .absent("\(error)")
        } catch {
            throw .unreadable("\(error)")
        }
    }
}

// MARK: - Files

extension CertificateSource {
    private static func files(_ certificate: String, _ privateKey: String) throws(LookFailure) -> Contents {
        let parsed: [Certificate]
        do throws(ConfigurationError) { parsed = try certificates(in: [certificate]) } catch {
            throw error.isAbsence ? .absent("\(error)") : .unreadable("\(error)")
        }
        let (key, reason) = self.key(privateKey)
        var contents = Contents()
        contents.certificates = parsed.map { certificate in
            var presence = reason.map(PrivateKeyPresence.unreadable) ?? .absent
            if let key, (try? certificate.publicKey().jwk) == key.publicKey.jwk { presence = .present }
            return StoredCertificate(
                certificate: certificate,
                nickname: nil,
                token: nil,
                privateKey: presence,
                key: .file(privateKey)
            )
        }
        contents.othersMayWrite = othersMayWrite(to: certificate)
        if key != nil { contents.othersMayReadKeys = othersMayRead(privateKey) }
        return contents
    }

    /// The private key of a file; where it cannot be read, why; neither where the file holds none.
    private static func key(_ path: String) -> (PrivateKey?, String?) {
        let bytes: [UInt8]
        do throws(ConfigurationError) { bytes = try readFile(path) } catch {
            return (nil, error.isAbsence ? nil : "\(error)")
        }
        do throws(PEMError) { return (try PrivateKey(bytes), nil) } catch {
            if case .other(.certificate, _, _) = error { return (nil, nil) }
            return (nil, "\(ConfigurationError(path, error, insteadOf: .privateKey))")
        }
    }
}
