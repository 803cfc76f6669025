internal import NSSBridge
internal import OpenSSLBridge
internal import PostureModel
internal import Verification

/// A certificate that has the names that are asked for, with its judgement.
struct Candidate: Sendable {
    let stored: StoredCertificate
    let judgement: CertificateJudgement
    /// The CAs at hand that its chains could go over; only of the one that the check settles on.
    var issuersAtHand: [Certificate] = []

    var certificate: Certificate { stored.certificate }

    var isValid: Bool {
        if case .valid = judgement { true } else { false }
    }

    /// Whether no CA at hand issued it: then it is not the company's.
    var isOfUnknownIssuer: Bool {
        guard case .invalid(let problem) = judgement else { return false }
        return [.issuerUnknown, .untrustedIssuer, .badSignature].contains(problem.code)
    }

    var hasKey: Bool { stored.privateKey == .present }

    /// Whether this one is to be taken before another: valid ones first, then those with a key, then the newest.
    func isBetter(than other: Candidate) -> Bool {
        if isValid != other.isValid { return isValid }
        return stored.isPreferred(to: other.stored)
    }

    /// What the scorer needs to build a chain: the leaf and what stands between, and the anchor too where it is no root,
    /// since the scorer may trust the root above it.
    ///
    /// Where nothing here is trusted, all that is at hand above the leaf: the scorer may trust something else.
    var certificatesForScorer: [[UInt8]] {
        guard case .valid(let chain) = judgement else { return ([certificate] + issuersAtHand).map(\.der) }
        var certificates = chain.certificates
        if certificates.count > 1, certificates.last?.isSelfIssued == true { certificates.removeLast() }
        return certificates.prefix(JWS.Limit.certificates).map(\.der)
    }
}

extension StoredCertificate {
    /// The order in which certificates are judged: those with a key, those of whose key nobody knows, then the newest.
    func isPreferred(to other: StoredCertificate) -> Bool {
        if keyRank != other.keyRank { return keyRank > other.keyRank }
        let epoch = Timestamp(seconds: 0)
        return certificate.notBefore ?? epoch > other.certificate.notBefore ?? epoch
    }

    private var keyRank: Int {
        switch privateKey {
        case .present: 2
        case .unreadable: 1
        case .absent: 0
        }
    }

    /// Whether this is the certificate that the WARP client makes for itself: its nickname is the device's WARP id.
    ///
    /// - SeeAlso: <https://developers.cloudflare.com/cloudflare-one/connections/connect-devices/warp/configure-warp/warp-modes/>
    func isOfWARP(warpIDs: [String]) -> Bool {
        guard let nickname else { return false }
        if warpIDs.contains(where: { $0.asciiLowercased == nickname.asciiLowercased }) { return true }
        return isUUID(nickname.utf8)
            && certificate.commonNames.contains { $0.asciiLowercased == nickname.asciiLowercased }
    }
}
