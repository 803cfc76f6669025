internal import NSSBridge
internal import OpenSSLBridge
internal import PostureModel

/// A certificate where a check looked, with what is known of its key.
struct StoredCertificate: Sendable {
    let certificate: Certificate
    /// What is to be said of where it is: its nickname, its token.
    let nickname: String?
    let token: String?
    let privateKey: PrivateKeyPresence
    /// How its key is made to sign.
    let key: Key

    /// Where the key is.
    enum Key: Sendable {
        case token(NSSCertificate)
        case file(String)
    }

    /// Whether the key is in a file that may be readable by others, and not in a token beside the database.
    var isKeyInFile: Bool {
        switch key {
        case .token(let stored): stored.isInDatabase
        case .file: true
        }
    }

    /// The file that its key should be in; nil where that is a token's.
    var keyFile: String? {
        if case .file(let path) = key { path } else { nil }
    }

    /// The algorithm of a proof; nil where the certificate's key may not make one, or is of a kind that cannot.
    var proofAlgorithm: SignatureAlgorithm? {
        guard certificate.allowsDigitalSignature, let jwk = try? certificate.publicKey().jwk else { return nil }
        if case .rsa = jwk, case .token(let stored) = key, !stored.supportsPSS { return .rs256 }
        return jwk.algorithm
    }
}

/// What is where a check looked.
struct Contents: Sendable {
    /// The certificates that could be parsed.
    var certificates: [StoredCertificate] = []
    /// The certificates that could not be read or parsed, a sentence each.
    var passedOver: [String] = []
    /// What belongs there and was not seen, a sentence each.
    var unseen: [String] = []
    /// That others may write where it is: a sentence.
    var othersMayWrite: String?
    /// That others may read the private keys: a sentence.
    var othersMayReadKeys: String?
}

/// Why a check could not look, or that there is nothing to look into.
enum LookFailure: Error, Sendable {
    case absent(String)
    case unreadable(String)
}
