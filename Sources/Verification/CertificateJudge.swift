public import OpenSSLBridge
public import PostureModel

/// What one certificate check demands of a certificate, whoever asks: the agent of what it finds, the scorer of what
/// it is shown.
public struct CertificateRequirements: Sendable {
    /// The CAs that a chain may end at: roots or issuing CAs.
    public var trusted: [Certificate]
    /// Certificates that may stand between, besides those that come with the leaf.
    public var intermediates: [Certificate]
    /// A common name that the subject must have, compared whole and without regard to case; nil for any.
    public var commonName: String?
    /// The extended key usages that the leaf must have, all of them, as dotted OIDs.
    public var extendedKeyUsages: [String]

    /// Creates requirements.
    public init(
        trusted: [Certificate],
        intermediates: [Certificate] = [],
        commonName: String? = nil,
        extendedKeyUsages: [String] = [ExtendedKeyUsage.clientAuth]
    ) {
        self.trusted = trusted
        self.intermediates = intermediates
        self.commonName = commonName
        self.extendedKeyUsages = extendedKeyUsages
    }

    /// Whether a certificate has the common name that is asked for.
    public func matchesName(of certificate: Certificate) -> Bool {
        guard let commonName else { return true }
        return certificate.commonNames.contains { $0.lowercased() == commonName.lowercased() }
    }
}

/// Extended key usages by name (RFC 5280 §4.2.1.12).
public enum ExtendedKeyUsage {
    /// TLS client authentication.
    public static let clientAuth = "1.3.6.1.5.5.7.3.2"
    /// E-mail protection.
    public static let emailProtection = "1.3.6.1.5.5.7.3.4"

    /// The OID of a name, or of an OID in dotted form; nil for anything else.
    public static func oid(named name: String) -> String? {
        switch name {
        case "clientAuth": return clientAuth
        case "emailProtection": return emailProtection
        default:
            let arcs = name.split(separator: ".", omittingEmptySubsequences: false)
            return arcs.count >= 2 && arcs.allSatisfy({ UInt64($0) != nil }) ? name : nil
        }
    }

    /// The name of an OID, or the OID.
    static func name(of oid: String) -> String {
        switch oid {
        case clientAuth: "clientAuth"
        case emailProtection: "emailProtection"
        default: oid
        }
    }
}

/// Whether a certificate meets the requirements: a chain, or the first thing that a person should mend.
public enum CertificateJudgement: Sendable {
    case valid(ValidChain)
    case invalid(CertificateProblem)
}

/// A chain that was validated.
///
/// Only ``judge(_:against:over:at:)`` makes one.
public struct ValidChain: Sendable {
    /// The chain, leaf first, the trusted certificate last.
    public let certificates: [Certificate]

    init(_ certificates: [Certificate]) { self.certificates = certificates }

    /// The trusted certificate that the chain ends at.
    public var anchor: Certificate? { certificates.last }

    /// The earliest end of validity in the chain.
    public var holdsUntil: Timestamp? { certificates.compactMap(\.notAfter).min() }
}

/// Judges `leaf` at `time`, with `carried` as intermediates that came with it.
///
/// - Throws: only if OpenSSL could not even try.
public func judge(
    _ leaf: Certificate,
    against requirements: CertificateRequirements,
    over carried: [Certificate] = [],
    at time: Timestamp
) throws(OpenSSLError) -> CertificateJudgement {
    guard requirements.matchesName(of: leaf) else {
        return .invalid(.wrongName(of: leaf, expected: requirements.commonName ?? ""))
    }
    guard !leaf.isCA else {
        return .invalid(CertificateProblem(.unsuitable, "\(leaf.subject) is a CA's certificate, not a device's"))
    }
    let outcome = try leaf.chain(
        to: requirements.trusted,
        over: requirements.intermediates + carried,
        at: time,
        forClientAuthentication: requirements.extendedKeyUsages.contains(ExtendedKeyUsage.clientAuth)
    )
    // OpenSSL takes a leaf without any extended key usage for a client's: asking for one is ours to do.
    let usages = leaf.extendedKeyUsages ?? []
    let missing = requirements.extendedKeyUsages.first { !usages.contains($0) }
    switch outcome {
    case .invalid(let failure):
        if let missing, failure.kind == .wrongPurpose, failure.depth == 0 {
            return .invalid(.missingUsage(of: leaf, oid: missing))
        }
        return .invalid(CertificateProblem(failure, of: leaf, trusted: requirements.trusted, at: time))
    case .valid(let chain):
        if let missing { return .invalid(.missingUsage(of: leaf, oid: missing)) }
        return .valid(ValidChain(chain))
    }
}
