public import OpenSSLBridge
@_spi(Verifying) public import PostureModel

/// A message that the holder of a device's key signed, for this scorer and with a nonce of its own.
///
/// Nothing was computed with the certificates that came along: judging them takes a value of this type, and so comes after
/// every refusal that is cheaper. Only ``MessageVerifier`` makes one.
public struct AuthenticMessage<Payload: Sendable>: Sendable {
    /// The device whose key signed.
    public let device: DeviceID
    /// The device's key.
    public let key: PublicKey
    /// What the device says.
    public let payload: Payload
    /// The nonce that the message answers.
    public let nonce: VerifiedNonce
    /// The message with its proofs, which are not verified.
    let message: UnverifiedMessage
}

extension AuthenticMessage<Registration> {
    /// The registration with its token alone, whatever certificates came along.
    public var byToken: VerifiedRegistration { verified(certificate: nil) }

    /// Whether there is a proof for one of these checks to be judged.
    public func hasProof(for checks: some Sequence<String>) -> Bool {
        let roles = Set(message.proofs.map(\.header.role))
        return checks.contains(where: roles.contains)
    }

    func verified(certificate: String?) -> VerifiedRegistration {
        VerifiedRegistration(device: device, key: key.jwk, token: payload.token, provenCertificate: certificate)
    }
}
