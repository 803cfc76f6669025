internal import ConfigurationFile
internal import NSSBridge
internal import OpenSSLBridge
internal import PostureModel

/// What is in an NSS database and its tokens, as this program sees it: nothing is judged.
package struct DatabaseListing: Sendable, Encodable {
    /// The certificates, in the database's own order.
    package let certificates: [Entry]
    /// What belongs to the database and was not seen, a sentence each.
    package let unseen: [String]
    /// The certificates that are left out, since they are too large or cannot be read, a sentence each.
    package let passedOver: [String]

    private enum CodingKeys: String, CodingKey {
        case certificates, unseen
        case passedOver = "passed_over"
    }

    /// One certificate.
    package struct Entry: Sendable, Encodable {
        /// Its nickname; nil where it has none.
        package let nickname: String?
        /// The token that it is in.
        package let token: String
        /// Its subject, in the form of RFC 2253; nil where it cannot be parsed.
        package let subject: String?
        /// What the database trusts it for, as `certutil -L` prints it.
        package let trust: String
        /// `present`, `absent`, or why that is not known.
        package let privateKey: String
        /// The certificate in DER, base64.
        package let der: String

        private enum CodingKeys: String, CodingKey {
            case nickname, token, subject, trust, der
            case privateKey = "private_key"
        }
    }

    /// Lists the database in a directory, or what `certutil -L -n` would find in it under `nickname`.
    ///
    /// - Parameters:
    ///   - path: The directory of the database.
    ///   - nickname: A nickname, `TOKEN:nickname` or e-mail address; nil for all.
    ///   - passwordFile: A file in the form of `certutil -f`; nil for none.
    /// - Throws: an error that says what was found where the database should be; ``Absent`` where nothing was.
    package init(at path: String, nickname: String? = nil, passwordFile: String? = nil) async throws {
        let passwords = try passwordFile.map { file in
            let bytes = try readFile(file, limit: TokenPasswords.sizeLimit)
            return try TokenPasswords(parsing: bytes.span)
        }
        let stored: [NSSCertificate]
        do {
            (stored, unseen, passedOver) = try await NSS.withDatabase(at: path, passwords: passwords) { database in
                let certificates = try database.certificates()
                return (certificates, database.unseen, database.passedOver)
            }
        } catch let error as NSSDatabaseError where error.isAbsent { throw Absent(description: "\(error)") }
        let asked = nickname.map { stored.named($0, details: Certificate.details) } ?? stored
        certificates = asked.map(Entry.init)
    }

    /// There is no database.
    package struct Absent: Error, CustomStringConvertible {
        /// A sentence that names the directory.
        package let description: String
    }
}

extension DatabaseListing.Entry {
    fileprivate init(_ stored: NSSCertificate) {
        (nickname, token, trust) = (stored.nickname, stored.token, "\(stored.trust)")
        subject = (try? Certificate(der: stored.der))?.subject
        switch stored.privateKey {
        case .present: privateKey = "present"
        case .absent: privateKey = "absent"
        case .unreadable(let reason): privateKey = "unreadable: \(reason)"
        }
        der = Base64.encode(stored.der)
    }
}

extension Certificate {
    /// What looking for a nickname asks of a certificate.
    static func details(of stored: NSSCertificate) -> (subject: [UInt8], emails: [String])? {
        (try? Certificate(der: stored.der)).map { ($0.subjectDER, $0.emails) }
    }
}
