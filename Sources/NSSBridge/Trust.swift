internal import CNSS
internal import PostureModel

/// What a database says its owner trusts a certificate for: three lists of letters, as `certutil -L` prints them.
///
/// It is the database's opinion, not a verdict: whoever may write the database may write this.
package struct Trust: Sendable, Equatable, CustomStringConvertible {
    /// Letters of one of the three lists.
    package struct Flags: OptionSet, Sendable {
        /// The letters as bits, in the order in which they are printed.
        package let rawValue: UInt8

        /// Makes flags of bits.
        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// `c`: a CA, without trust.
        package static let validCA = Flags(rawValue: 1)
        /// `p`: an end entity whose chain is not asked for, without trust: distrusted.
        package static let peer = Flags(rawValue: 1 << 1)
        /// `C`: a CA that is trusted to issue.
        package static let trustedCA = Flags(rawValue: 1 << 2)
        /// `T`: a CA that is trusted to issue client certificates (in the first list only).
        package static let trustedClientCA = Flags(rawValue: 1 << 3)
        /// `P`: an end entity that is trusted by itself.
        package static let trustedPeer = Flags(rawValue: 1 << 4)
        /// `u`: its private key is in the database.
        package static let user = Flags(rawValue: 1 << 5)
    }

    /// TLS servers and clients.
    package var ssl: Flags
    /// S/MIME.
    package var email: Flags
    /// Signed objects.
    package var codeSigning: Flags

    /// No letters: what a certificate has that no trust is recorded for.
    package static let none = Trust(ssl: [], email: [], codeSigning: [])

    /// The letters, such as `CTu,Cu,Cu`.
    package var description: String {
        [ssl, email, codeSigning].map(\.letters).joined(separator: ",")
    }
}

extension Trust.Flags {
    /// The letters as certutil prints them: a small one gives way to its capital.
    fileprivate var letters: String {
        var shown = self
        if !isDisjoint(with: [.trustedCA, .trustedClientCA]) { shown.remove(.validCA) }
        if contains(.trustedPeer) { shown.remove(.peer) }
        return String("cpCTPu".enumerated().filter { shown.rawValue & (1 << $0.offset) != 0 }.map(\.element))
    }

    /// Translates a `CK_TRUST` of a trust object; what NSS calls "unknown" and "must verify" is no letter.
    fileprivate init(_ level: CK_TRUST) {
        switch level {
        case CNSS_CKT_TRUSTED: self = [.peer, .trustedPeer]
        case CNSS_CKT_TRUSTED_DELEGATOR: self = [.validCA, .trustedCA]
        case CNSS_CKT_VALID_DELEGATOR: self = .validCA
        case CNSS_CKT_NOT_TRUSTED: self = .peer
        default: self = []
        }
    }
}

extension Trust {
    /// Puts the four levels of a trust object into three lists, as NSS does: a delegator for clients is a `T`.
    init(server: CK_TRUST, client: CK_TRUST, email: CK_TRUST, codeSigning: CK_TRUST) {
        var clients = Flags(client)
        if clients.remove(.trustedCA) != nil {
            clients.insert(.trustedClientCA)
        }
        self.init(ssl: Flags(server).union(clients), email: Flags(email), codeSigning: Flags(codeSigning))
    }

    /// The same trust, with the letter `u` in each list where the private key is in the database.
    func with(_ key: PrivateKeyPresence) -> Trust {
        guard key == .present else { return self }
        return Trust(
            ssl: ssl.union(.user),
            email: email.union(.user),
            codeSigning: codeSigning.union(.user)
        )
    }
}
