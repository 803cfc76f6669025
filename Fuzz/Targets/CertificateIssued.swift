internal import OpenSSLBridge

/// A certificate that a trusted CA signed, although it should not have: what comes after the signature is reached.
///
/// What holds: a valid chain is what its certificates say themselves (``judged(_:over:trusting:)``), with the bytes as
/// the leaf and as the intermediate.
func fuzzCertificateIssued(_ bytes: [UInt8]) {
    if let der = Issuer.issued(bytes, key: .itsOwn), let leaf = try? Certificate(der: der) {
        _ = judged(leaf, over: [Issuer.issuing], trusting: [Issuer.root])
        _ = judged(leaf, over: [], trusting: [Issuer.issuing])
    }
    if let der = Issuer.issued(bytes, key: .ours), let authority = try? Certificate(der: der) {
        _ = judged(Issuer.leaf, over: [authority], trusting: [Issuer.root])
        // Among others of its name, and above itself.
        _ = judged(Issuer.leaf, over: [authority, Issuer.issuing], trusting: [Issuer.root])
        _ = judged(authority, over: [authority, Issuer.issuing], trusting: [Issuer.root])
    }
}
