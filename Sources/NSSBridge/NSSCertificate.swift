package import PostureModel

/// A certificate as a token holds it: the database itself, or one beside it.
package struct NSSCertificate: Sendable, Equatable {
    /// The name of the token: `NSS Certificate DB` for the database itself.
    package let token: String
    /// Whether it is in the database itself; a token beside it may have any name.
    package let isInDatabase: Bool
    /// Its name in the token: chosen by whoever imported it, shared by renewals, and no proof of anything.
    package let nickname: String?
    /// The certificate itself, in DER, as it was imported; nobody has parsed it.
    package let der: [UInt8]
    /// What the database says it is trusted for.
    package let trust: Trust
    /// Whether its private key is in the same token.
    package let privateKey: PrivateKeyPresence
    /// `CKA_ID`, which ties it to its private key; may be empty.
    package let id: [UInt8]
    /// Whether its token signs with RSA-PSS; where it does not, an RSA key signs RS256 only.
    package let supportsPSS: Bool
    /// The row that it is in, of the table in `cert9.db`; nil in a token beside the database.
    package internal(set) var row: UInt?

    /// How a sentence names it: by its nickname, or by its row.
    package var phrase: String {
        let place = isInDatabase ? "" : " of the token '\(token.printable(limit: 64))'"
        return NSSCertificate.phrase(nickname: nickname, row: row) + place
    }

    static func phrase(nickname: String?, row: UInt?) -> String {
        if let nickname { return "the certificate '\(nickname.printable(limit: 64))'" }
        return row.map { "the certificate in row \($0)" } ?? "a certificate without a nickname"
    }
}
