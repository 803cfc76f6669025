internal import OpenSSLBridge
internal import PostureModel
internal import Verification

/// One certificate that has the names that are asked for, as `postured check --json` prints it; stable.
package struct CandidateVerdict: Sendable, Equatable, Codable {
    /// Its nickname; nil where it has none.
    package internal(set) var nickname: String?
    /// The token that it is in; nil for a file.
    package let token: String?
    /// Its subject.
    package internal(set) var subject: String
    /// The SHA-256 of its DER, base64url.
    package let sha256: String
    /// `present`, `absent` or `unreadable`.
    package let privateKey: String
    /// Whether the certificate itself is valid; its key aside.
    package let isValid: Bool
    /// The verdict in words.
    package internal(set) var reason: String
    /// The problem for machines; nil where there is none.
    package let code: String?

    private enum CodingKeys: String, CodingKey {
        case nickname, token, subject, sha256, reason, code
        case privateKey = "private_key"
        case isValid = "valid"
    }

    init(_ candidate: Candidate) {
        let stored = candidate.stored
        (nickname, token) = (stored.nickname, stored.token)
        (subject, sha256) = (stored.certificate.subject, stored.certificate.fingerprint)
        switch stored.privateKey {
        case .present: privateKey = "present"
        case .absent: privateKey = "absent"
        case .unreadable: privateKey = "unreadable"
        }
        isValid = candidate.isValid
        switch candidate.judgement {
        case .valid(let chain): (reason, code) = (chain.summary, nil)
        case .invalid(let problem): (reason, code) = (problem.reason, problem.code.rawValue)
        }
    }
}
