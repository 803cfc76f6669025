internal import COpenSSL
package import PostureModel

/// What OpenSSL objects to in a chain: where, and what.
package struct ChainFailure: Sendable, Equatable {
    /// The kinds that a person is told different things about.
    package enum Kind: Sendable, Equatable {
        case badSignature
        case pathLengthExceeded
        case nameNotPermitted
        case weakAlgorithm
        /// No certificate policy holds for the whole chain, and one is required; or the policies cannot be processed.
        case policy
        case revoked
        /// There is no CRL for the certificate, or none that is of use now.
        case revocationUnknown(RevocationObjection)
        case other
    }

    /// What is wrong with the CRLs for a certificate.
    package enum RevocationObjection: Sendable, Equatable {
        case noList, expired, notYetValid, otherScope, badSignature, signerNotPermitted, signerUntrusted
        case criticalExtension
    }

    /// What went wrong.
    package let kind: Kind
    /// How far from the leaf, which is 0.
    package let depth: Int
    /// Whether the certificate there is to blame, whatever stands below it.
    package let isOfCertificateAlone: Bool
    /// OpenSSL's words for the code.
    package let text: String
}

/// Has OpenSSL validate this very chain, leaf first and trusted certificate last, as of `time`.
///
/// The trusted certificate need not be a root. RFC 5280 is taken strictly; signatures and keys below the anchor, and the
/// anchor's key, need 112 bits of security (OpenSSL's level 2). Policies are processed as in RFC 5280 §6.1, for any policy
/// and with nothing inhibited at the start. The certificates' own validity is left to the caller; that of the CRLs, and of
/// other signers of CRLs, is not.
///
/// - Parameters:
///   - chain: The certificates, leaf first, trusted certificate last.
///   - signatures: What was verified before; OpenSSL is told, and verifies no certificate's signature itself.
///   - revocation: CRLs.
///   - looksAtRevocation: Whether CRLs are asked at all; with no list in hard failure, nothing is valid then.
///   - signers: Further certificates that may have signed a CRL.
///   - time: The moment that CRLs are judged at.
/// - Returns: nil if there is nothing to object to.
/// - Throws: only if OpenSSL could not even try.
package func validate(
    chain: [Certificate],
    signatures: CertificateSignatures,
    revocation: Revocation = Revocation(),
    looksAtRevocation: Bool = false,
    signers: [Certificate] = [],
    at time: Timestamp
) throws(OpenSSLError) -> ChainFailure? {
    ERR_clear_error()
    defer { ERR_clear_error() }
    guard let leaf = chain.first, let anchor = chain.last else { throw OpenSSLError("chain", reason: "empty") }
    let usable = revocation.failureMode == .hard ? revocation.lists.filter(\.isConforming) : revocation.lists
    // OpenSSL takes the first that fits: what is meant to stand in the chain comes before what only signs CRLs.
    guard let others = unsafe stack(of: chain.dropFirst().dropLast() + signers),
        let lists = unsafe stack(of: usable), let store = unsafe X509_STORE_new(),
        let context = unsafe X509_STORE_CTX_new()
    else { throw .current("X509_STORE_CTX_new") }
    defer {
        unsafe X509_STORE_CTX_free(context)
        unsafe X509_STORE_free(store)
        unsafe COpenSSL_crls_free(lists)
        unsafe COpenSSL_certificates_free(others)
    }
    let links = ChainLinks(chain, signers: signers, signatures, revocation.leeway, at: time)
    unsafe COpenSSL_replace_signatures(store)
    // In the store, and not as a stack: that is where the chains of CRLs' issuers are looked for, too.
    guard unsafe X509_STORE_add_cert(store, anchor.x509) == 1,
        unsafe X509_STORE_CTX_init(context, store, leaf.x509, others) == 1,
        let parameters = unsafe X509_STORE_CTX_get0_param(context)
    else { throw .current("X509_STORE_CTX_init") }
    unsafe COpenSSL_set_links(context, links.callbacks)
    unsafe COpenSSL_set_objections(context, revocation.failureMode == .hard ? 1 : 0)
    unsafe X509_VERIFY_PARAM_set_time(parameters, Int(time.seconds))
    unsafe X509_VERIFY_PARAM_set_depth(parameters, CInt(chain.count))
    unsafe X509_VERIFY_PARAM_set_auth_level(parameters, 2)
    var flags = X509_V_FLAG_X509_STRICT | X509_V_FLAG_PARTIAL_CHAIN
    let lacksPolicy = chain.dropLast().contains(where: \.hasConstraintsWithoutPolicies)
    if !lacksPolicy { flags |= X509_V_FLAG_POLICY_CHECK }
    if looksAtRevocation {
        unsafe X509_STORE_CTX_set0_crls(context, lists)
        flags |= X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL | X509_V_FLAG_EXTENDED_CRL_SUPPORT
        flags |= X509_V_FLAG_USE_DELTAS
    }
    unsafe X509_VERIFY_PARAM_set_flags(parameters, UInt(flags))
    // Without a set of the user's, no policy would be good enough where one is required.
    guard unsafe X509_VERIFY_PARAM_add0_policy(parameters, OBJ_nid2obj(NID_any_policy)) == 1 else {
        throw .current("X509_VERIFY_PARAM_add0_policy")
    }
    if withExtendedLifetime(links, { unsafe X509_verify_cert(context) }) == 1 {
        return lacksPolicy ? missingPolicy(in: chain) : nil
    }
    let code = unsafe X509_STORE_CTX_get_error(context)
    let depth = min(chain.count - 1, Int(unsafe X509_STORE_CTX_get_error_depth(context)))
    let isThere = unsafe X509_STORE_CTX_get_current_cert(context).map { unsafe X509_cmp($0, chain[depth].x509) == 0 }
    return ChainFailure(
        kind: ChainFailure.Kind(code),
        depth: depth,
        isOfCertificateAlone: isThere == true && isOfCertificateAlone(code),
        text: unsafe String(cString: X509_verify_cert_error_string(Int(code)))
    )
}

/// Whether an error is about one certificate, and would be the same in any chain with it.
///
/// - SeeAlso: X509_STORE_CTX_get_error(3)
private func isOfCertificateAlone(_ code: CInt) -> Bool {
    switch code {
    case X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION, X509_V_ERR_CA_BCONS_NOT_CRITICAL, X509_V_ERR_INVALID_CA,
        X509_V_ERR_MISSING_SUBJECT_KEY_IDENTIFIER, X509_V_ERR_MISSING_AUTHORITY_KEY_IDENTIFIER,
        X509_V_ERR_SUBJECT_KEY_IDENTIFIER_CRITICAL, X509_V_ERR_AUTHORITY_KEY_IDENTIFIER_CRITICAL,
        X509_V_ERR_SUBJECT_NAME_EMPTY, X509_V_ERR_ISSUER_NAME_EMPTY, X509_V_ERR_EMPTY_SUBJECT_ALT_NAME,
        X509_V_ERR_EMPTY_SUBJECT_SAN_NOT_CRITICAL, X509_V_ERR_KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA,
        X509_V_ERR_PATHLEN_INVALID_FOR_NON_CA, X509_V_ERR_PATHLEN_WITHOUT_KU_KEY_CERT_SIGN,
        X509_V_ERR_EXTENSIONS_REQUIRE_VERSION_3, X509_V_ERR_SIGNATURE_ALGORITHM_MISMATCH,
        X509_V_ERR_SIGNATURE_ALGORITHM_INCONSISTENCY, X509_V_ERR_EC_KEY_EXPLICIT_PARAMS, X509_V_ERR_EE_KEY_TOO_SMALL,
        X509_V_ERR_CA_KEY_TOO_SMALL, X509_V_ERR_CA_MD_TOO_WEAK, X509_V_ERR_INVALID_POLICY_EXTENSION:
        true
    default: COpenSSL_is_of_revocation(code) == 1
    }
}

extension ChainFailure.Kind {
    /// - SeeAlso: X509_STORE_CTX_get_error(3)
    fileprivate init(_ code: CInt) {
        switch code {
        case X509_V_ERR_CERT_SIGNATURE_FAILURE: self = .badSignature
        case X509_V_ERR_PATH_LENGTH_EXCEEDED: self = .pathLengthExceeded
        case X509_V_ERR_PERMITTED_VIOLATION, X509_V_ERR_EXCLUDED_VIOLATION, X509_V_ERR_SUBTREE_MINMAX,
            X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE, X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX,
            X509_V_ERR_UNSUPPORTED_NAME_SYNTAX:
            self = .nameNotPermitted
        case X509_V_ERR_EE_KEY_TOO_SMALL, X509_V_ERR_CA_KEY_TOO_SMALL, X509_V_ERR_CA_MD_TOO_WEAK:
            self = .weakAlgorithm
        // OpenSSL says "out of memory" where a policy tree has more than a thousand nodes (CVE-2023-0464).
        case X509_V_ERR_NO_EXPLICIT_POLICY, X509_V_ERR_INVALID_POLICY_EXTENSION, X509_V_ERR_OUT_OF_MEM: self = .policy
        case X509_V_ERR_CERT_REVOKED: self = .revoked
        case _ where COpenSSL_is_of_revocation(code) == 1: self = .revocationUnknown(.init(code))
        default: self = .other
        }
    }
}

extension ChainFailure.RevocationObjection {
    /// - SeeAlso: X509_STORE_CTX_get_error(3)
    fileprivate init(_ code: CInt) {
        switch code {
        case X509_V_ERR_CRL_HAS_EXPIRED, X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD: self = .expired
        case X509_V_ERR_CRL_NOT_YET_VALID, X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD: self = .notYetValid
        case X509_V_ERR_DIFFERENT_CRL_SCOPE: self = .otherScope
        case X509_V_ERR_CRL_SIGNATURE_FAILURE, X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE: self = .badSignature
        case X509_V_ERR_KEYUSAGE_NO_CRL_SIGN: self = .signerNotPermitted
        case X509_V_ERR_CRL_PATH_VALIDATION_ERROR, X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER: self = .signerUntrusted
        case X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION: self = .criticalExtension
        default: self = .noList
        }
    }
}

/// A stack with a reference of its own to each certificate; nil if there is no memory.
private func stack(of certificates: some Sequence<Certificate>) -> OpaquePointer? {
    guard let stack = unsafe COpenSSL_certificates_new() else { return nil }
    for certificate in certificates where unsafe COpenSSL_certificates_push(stack, certificate.x509) != 1 {
        unsafe COpenSSL_certificates_free(stack)
        return nil
    }
    return unsafe stack
}

private func stack(of lists: [RevocationList]) -> OpaquePointer? {
    guard let stack = unsafe COpenSSL_crls_new() else { return nil }
    for list in lists where unsafe COpenSSL_crls_push(stack, list.crl) != 1 {
        unsafe COpenSSL_crls_free(stack)
        return nil
    }
    return unsafe stack
}
