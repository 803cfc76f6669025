internal import COpenSSL
public import PostureModel

/// What OpenSSL says of the chain from a leaf to a trusted certificate.
public enum ChainOutcome: Sendable {
    /// A chain, leaf first, that ends at one of the trusted certificates.
    case valid([Certificate])
    /// Why there is none.
    case invalid(ChainFailure)
}

/// Where and why a chain broke.
public struct ChainFailure: Sendable {
    /// The kinds that a person is told different things about.
    public enum Kind: Sendable, Equatable {
        case expired
        case notYetValid
        /// The certificate's issuer is not at hand.
        case issuerUnknown
        /// The chain ends, at a certificate that is not trusted.
        case untrustedEnd
        case badSignature
        /// The key usages do not allow TLS client authentication.
        case wrongPurpose
        case other
    }

    /// What went wrong.
    public let kind: Kind
    /// How far from the leaf, which is 0.
    public let depth: Int
    /// The certificate there.
    public let certificate: Certificate?
    /// OpenSSL's words for the code.
    public let text: String
}

extension Certificate {
    /// Builds the chain from this certificate to one of `trusted` over `intermediates` and validates it as of `time`.
    ///
    /// A trusted certificate need not be a root. Signatures below the anchor need 112 bits of security (OpenSSL's
    /// level 2: no SHA-1, no RSA under 2048), and RFC 5280 is taken strictly.
    ///
    /// OpenSSL builds one chain and does not go back where another issuer of the same name, a cross-certificate, would
    /// have led further: here every such fork of a chain that failed is tried without its certificate, within bounds.
    ///
    /// - Parameters:
    ///   - trusted: Where a chain may end.
    ///   - intermediates: What may stand between.
    ///   - time: The moment that validity is judged at.
    ///   - forClientAuthentication: Whether key usages along the chain have to allow TLS client authentication.
    /// - Returns: The chain, or where and why there is none.
    /// - Throws: only if OpenSSL could not even try.
    public func chain(
        to trusted: [Certificate],
        over intermediates: [Certificate],
        at time: Timestamp,
        forClientAuthentication: Bool
    ) throws(OpenSSLError) -> ChainOutcome {
        var failure: ChainFailure?
        var pending: [Set<String>] = [[]]
        var attempts = 0
        while attempts < pending.count, attempts < Self.chainLimit {
            let excluded = pending[attempts]
            attempts += 1
            let anchors = trusted.filter { !excluded.contains($0.fingerprint) }
            let others = intermediates.filter { !excluded.contains($0.fingerprint) }
            let (outcome, built) = try firstChain(
                to: anchors,
                over: others,
                at: time,
                forClientAuthentication: forClientAuthentication
            )
            guard case .invalid(let reason) = outcome else { return outcome }
            failure = failure ?? reason
            for certificate in built.dropFirst() {
                let fork = excluded.union([certificate.fingerprint])
                let hasOther = (anchors + others).contains {
                    $0.hasSameSubject(as: certificate) && $0.der != certificate.der
                }
                if hasOther, !pending.contains(fork) { pending.append(fork) }
            }
        }
        guard let failure else { throw OpenSSLError("chain", reason: "nothing was tried") }
        return .invalid(failure)
    }

    /// The most chains that are tried for one leaf.
    private static let chainLimit = 16

    /// The chain that OpenSSL builds first: its outcome and, where it failed, how far it got.
    private func firstChain(
        to trusted: [Certificate],
        over intermediates: [Certificate],
        at time: Timestamp,
        forClientAuthentication: Bool
    ) throws(OpenSSLError) -> (ChainOutcome, built: [Certificate]) {
        ERR_clear_error()
        defer { ERR_clear_error() }
        guard let anchors = unsafe stack(of: trusted), let others = unsafe stack(of: intermediates),
            let store = unsafe X509_STORE_new(), let context = unsafe X509_STORE_CTX_new()
        else { throw .current("X509_STORE_CTX_new") }
        defer {
            unsafe X509_STORE_CTX_free(context)
            unsafe X509_STORE_free(store)
            unsafe COpenSSL_certificates_free(others)
            unsafe COpenSSL_certificates_free(anchors)
        }
        guard unsafe X509_STORE_CTX_init(context, store, x509, others) == 1,
            let parameters = unsafe X509_STORE_CTX_get0_param(context)
        else { throw .current("X509_STORE_CTX_init") }
        unsafe X509_STORE_CTX_set0_trusted_stack(context, anchors)
        unsafe X509_VERIFY_PARAM_set_time(parameters, Int(time.seconds))
        unsafe X509_VERIFY_PARAM_set_depth(parameters, 8)
        unsafe X509_VERIFY_PARAM_set_auth_level(parameters, 2)
        unsafe X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_X509_STRICT | X509_V_FLAG_PARTIAL_CHAIN))
        if forClientAuthentication {
            unsafe X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_CLIENT)
        }
        let isValid = unsafe X509_verify_cert(context) == 1
        let built = unsafe try certificates(of: X509_STORE_CTX_get0_chain(context))
        if isValid { return (.valid(built), built) }
        let code = unsafe X509_STORE_CTX_get_error(context)
        let current = unsafe X509_STORE_CTX_get_current_cert(context)
        let failure = ChainFailure(
            kind: ChainFailure.Kind(code),
            depth: Int(unsafe X509_STORE_CTX_get_error_depth(context)),
            certificate: unsafe try current.map { pointer throws(OpenSSLError) in
                unsafe try Certificate(sharing: pointer)
            },
            text: unsafe String(cString: X509_verify_cert_error_string(Int(code)))
        )
        return (.invalid(failure), built)
    }

    private func hasSameSubject(as other: Certificate) -> Bool {
        unsafe X509_NAME_cmp(X509_get_subject_name(x509), X509_get_subject_name(other.x509)) == 0
    }
}

extension ChainFailure.Kind {
    /// - SeeAlso: X509_STORE_CTX_get_error(3)
    fileprivate init(_ code: CInt) {
        switch code {
        case X509_V_ERR_CERT_HAS_EXPIRED: self = .expired
        case X509_V_ERR_CERT_NOT_YET_VALID: self = .notYetValid
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            self = .issuerUnknown
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_CERT_UNTRUSTED:
            self = .untrustedEnd
        case X509_V_ERR_CERT_SIGNATURE_FAILURE: self = .badSignature
        case X509_V_ERR_INVALID_PURPOSE: self = .wrongPurpose
        default: self = .other
        }
    }
}

/// A stack with a reference of its own to each certificate; nil if there is no memory.
private func stack(of certificates: [Certificate]) -> OpaquePointer? {
    guard let stack = unsafe COpenSSL_certificates_new() else { return nil }
    for certificate in certificates where unsafe COpenSSL_certificates_push(stack, certificate.x509) != 1 {
        unsafe COpenSSL_certificates_free(stack)
        return nil
    }
    return unsafe stack
}

private func certificates(of stack: OpaquePointer?) throws(OpenSSLError) -> [Certificate] {
    var certificates: [Certificate] = []
    for index in 0..<(unsafe COpenSSL_certificates_count(stack)) {
        guard let x509 = unsafe COpenSSL_certificates_at(stack, index) else { continue }
        certificates.append(unsafe try Certificate(sharing: x509))
    }
    return certificates
}
