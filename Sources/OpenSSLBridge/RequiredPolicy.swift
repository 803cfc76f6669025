internal import COpenSSL

extension Certificate {
    /// Whether the certificate has policy constraints, and no policies (RFC 5280 §4.2.1.4, §4.2.1.11).
    ///
    /// OpenSSL 3.0 leaks the constraints of such a certificate when it processes policies (`policy_cache_new` in
    /// crypto/x509/pcy_cache.c), so a chain with one is left to ``missingPolicy(in:)``.
    var hasConstraintsWithoutPolicies: Bool {
        unsafe X509_get_ext_by_NID(x509, NID_policy_constraints, -1) >= 0
            && X509_get_ext_by_NID(x509, NID_certificate_policies, -1) < 0
    }
}

/// Processes the policies of a chain in which some certificate has none.
///
/// From such a certificate on no policy is valid (RFC 5280 §6.1.3 (e)), and none becomes valid again. So the chain holds
/// exactly if `explicit_policy`, which never grows, is not 0 in the end.
///
/// - Parameter chain: The certificates, leaf first, trusted certificate last, whose own policies are not looked at.
/// - Returns: What is wrong; nil if no policy is required.
func missingPolicy(in chain: [Certificate]) -> ChainFailure? {
    let certificates = chain.dropLast()
    var explicitPolicy = certificates.count + 1
    for (depth, certificate) in certificates.enumerated().reversed() {
        if !certificate.isSelfIssued { explicitPolicy = max(0, explicitPolicy - 1) }
        let required = unsafe COpenSSL_policy_required_after(certificate.x509)
        if required == COpenSSL_policy_unreadable {
            return failure(X509_V_ERR_INVALID_POLICY_EXTENSION, depth: depth, isOfCertificateAlone: true)
        }
        if required >= 0 { explicitPolicy = min(explicitPolicy, required) }
    }
    return explicitPolicy > 0 ? nil : failure(X509_V_ERR_NO_EXPLICIT_POLICY, depth: 0, isOfCertificateAlone: false)
}

private func failure(_ code: CInt, depth: Int, isOfCertificateAlone: Bool) -> ChainFailure {
    ChainFailure(
        kind: .policy,
        depth: depth,
        isOfCertificateAlone: isOfCertificateAlone,
        text: unsafe String(cString: X509_verify_cert_error_string(Int(code)))
    )
}
