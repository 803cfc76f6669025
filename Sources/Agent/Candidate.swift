internal import NSSBridge
internal import OpenSSLBridge
internal import PostureModel
internal import Verification

/// A certificate of the database that has the name that is asked for, with its judgement.
struct Candidate: Sendable {
    let certificate: Certificate
    let stored: NSSCertificate
    let judgement: CertificateJudgement

    var isValid: Bool {
        if case .valid = judgement { true } else { false }
    }

    var hasKey: Bool { stored.privateKey == .present }

    /// The algorithm of the proof; nil where the certificate's key may not make one, or is of a kind that cannot.
    var proofAlgorithm: SignatureAlgorithm? {
        certificate.allowsDigitalSignature ? try? certificate.publicKey().jwk.algorithm : nil
    }

    /// Whether this one is to be taken before another: valid ones first, then those with a key, then the newest.
    func isBetter(than other: Candidate) -> Bool {
        if isValid != other.isValid { return isValid }
        if hasKey != other.hasKey { return hasKey }
        let epoch = Timestamp(seconds: 0)
        return certificate.notBefore ?? epoch > other.certificate.notBefore ?? epoch
    }

    /// What the scorer needs to build the chain again: the leaf and what stands between, and the anchor too where it
    /// is no root, since the scorer may trust the root above it.
    var evidence: [[UInt8]] {
        guard case .valid(let chain) = judgement else { return [certificate.der] }
        var certificates = chain.certificates
        if certificates.count > 1, certificates.last?.isSelfIssued == true { certificates.removeLast() }
        return certificates.prefix(JWS.Limit.certificates).map(\.der)
    }
}
