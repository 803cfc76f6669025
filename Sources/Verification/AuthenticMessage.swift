package import OpenSSLBridge
@_spi(Verifying) package import PostureModel

/// A message that the holder of a device's key signed, for this scorer and with a nonce of its own.
///
/// Nothing was computed with the certificates that came along: judging them takes a value of this type, and so comes after
/// every refusal that is cheaper. Only ``MessageVerifier`` makes one.
package struct AuthenticMessage<Payload: Sendable>: Sendable {
    /// The device whose key signed.
    package let device: DeviceID
    /// The key that signed.
    package let key: PublicKey
    /// Whether the device has replaced this key.
    package let isByReplacedKey: Bool
    /// What the device says.
    package let payload: Payload
    /// The nonce that the message answers.
    package let nonce: VerifiedNonce
    /// The message with its proofs, which are not verified.
    let message: UnverifiedMessage

    init(_ signer: Signer, payload: Payload, nonce: VerifiedNonce, message: UnverifiedMessage) {
        (device, key, isByReplacedKey) = (signer.device, signer.key, signer.isReplaced)
        (self.payload, self.nonce, self.message) = (payload, nonce, message)
    }
}

extension AuthenticMessage<Registration> {
    /// The registration with its token alone, whatever certificates came along.
    package var byToken: VerifiedRegistration { verified(certificate: nil) }

    /// Whether there is a proof for one of these checks to be judged.
    package func hasProof(for checks: some Sequence<String>) -> Bool {
        let roles = Set(message.proofs.map(\.header.role))
        return checks.contains(where: roles.contains)
    }

    func verified(certificate: String?) -> VerifiedRegistration {
        VerifiedRegistration(device: device, key: key.jwk, token: payload.token, provenCertificate: certificate)
    }
}
