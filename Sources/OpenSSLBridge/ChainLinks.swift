internal import COpenSSL
internal import PostureModel

/// What OpenSSL is told about the links of a chain: which certificate follows which, and that their signatures are good.
///
/// OpenSSL would look for issuers by itself, and verify each signature that ``CertificateSignatures`` has verified.
@safe final class ChainLinks {
    /// What C calls; valid as long as this object is.
    let callbacks: UnsafeMutablePointer<COpenSSL_links>
    /// The addresses of the chain's certificates, leaf first.
    private let chain: [UInt]
    private let certificates: [UInt: Certificate]
    private let signatures: CertificateSignatures

    init(
        _ chain: [Certificate],
        signers: [Certificate],
        _ signatures: CertificateSignatures,
        _ leeway: Revocation.Leeway,
        at time: Timestamp
    ) {
        self.chain = chain.map { unsafe UInt(bitPattern: $0.x509) }
        certificates = Dictionary((chain + signers).map { (unsafe UInt(bitPattern: $0.x509), $0) }) { first, _ in first
        }
        self.signatures = signatures
        unsafe callbacks = .allocate(capacity: 1)
        unsafe callbacks.initialize(
            to: COpenSSL_links(
                owner: Unmanaged.passUnretained(self).toOpaque(),
                follows: { owner, certificate, issuer in
                    unsafe ChainLinks.at(owner)?.follows(certificate, issuer) == true ? 1 : 0
                },
                is_signed: { owner, certificate, issuer in
                    unsafe ChainLinks.at(owner)?.isSigned(certificate, issuer) == true ? 1 : 0
                },
                latest_this_update: Int(time.seconds + leeway.early),
                earliest_next_update: Int(time.seconds - min(leeway.overdue, time.seconds))
            )
        )
    }

    deinit { unsafe callbacks.deallocate() }

    private static func at(_ owner: UnsafeMutableRawPointer?) -> ChainLinks? {
        unsafe owner.map { unsafe Unmanaged<ChainLinks>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Whether `issuer` is the next certificate of the chain; above the last one stands itself.
    private func follows(_ certificate: OpaquePointer?, _ issuer: OpaquePointer?) -> Bool {
        guard let index = chain.firstIndex(of: UInt(bitPattern: certificate)) else { return false }
        return UInt(bitPattern: issuer) == chain[min(index + 1, chain.count - 1)]
    }

    private func isSigned(_ certificate: OpaquePointer?, _ issuer: OpaquePointer?) -> Bool {
        guard let certificate = certificates[UInt(bitPattern: certificate)],
            let issuer = certificates[UInt(bitPattern: issuer)]
        else { return false }
        return signatures.isSigned(certificate, by: issuer)
    }
}
