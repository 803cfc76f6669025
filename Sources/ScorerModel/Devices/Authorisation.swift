/// What lets a device register.
package enum Authorisation: Sendable, Equatable {
    /// An enrolment token, as the base64url of its SHA-256.
    case token(hash: String)
    /// The proof of a certificate, by its SHA-256 in base64url, with which so many devices may register.
    case certificate(fingerprint: String, deviceLimit: Int)

    /// What a device registered by, as its record keeps it.
    package enum Kind: Sendable, Equatable {
        case token(hash: String)
        case certificate(fingerprint: String)
    }

    /// What the record of the device keeps of it.
    package var kind: Kind {
        switch self {
        case .token(let hash): .token(hash: hash)
        case .certificate(let fingerprint, _): .certificate(fingerprint: fingerprint)
        }
    }
}
