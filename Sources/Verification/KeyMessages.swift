internal import OpenSSLBridge
@_spi(Verifying) package import PostureModel

extension MessageVerifier {
    /// Verifies that a device retires.
    ///
    /// - Throws: ``Problem/Kind/replacedKey`` for a message that a replaced key signed: only the key in force can retire.
    package func retirement(
        _ message: UnverifiedMessage,
        of device: KnownDevice,
        nonce: VerifiedNonce
    ) throws(Problem) -> VerifiedRetirement {
        guard message.proofs.isEmpty else { throw Problem(.malformed, "a retirement has the device's signature alone") }
        let signer = try verifySigner(message, .retirement, of: device, nonce: nonce)
        guard !signer.isReplaced else { throw .byReplacedKey }
        let retirement = try Self.decode(Retirement.self, "retirement", from: message.jws.payload)
        if let excess = retirement.excess { throw Problem("retirement", excess) }
        try verifyNames(device: retirement.device, audience: retirement.audience, signer: device.id)
        return VerifiedRetirement(device: device.id, receipt: retirement.receipt)
    }

    /// Verifies that a device replaces its key: by its own signature, and by that of the new key.
    ///
    /// A replaced key may sign too, since the answer to the first message may be lost: `oldKey` names the key that signed.
    package func keyReplacement(
        _ message: UnverifiedMessage,
        of device: KnownDevice,
        nonce: VerifiedNonce
    ) throws(Problem) -> VerifiedKeyReplacement {
        guard message.proofs.isEmpty, let new = message.newKeySignature, new.certificates.isEmpty else {
            throw Problem(
                .malformed,
                "a key replacement has two signatures, of the roles '\(ProtectedHeader.deviceRole)' and "
                    + "'\(ProtectedHeader.newKeyRole)', and no certificates"
            )
        }
        let signer = try verifySigner(message, .keyReplacement, of: device, nonce: nonce)
        let replacement = try Self.decode(KeyReplacement.self, "key replacement", from: message.jws.payload)
        if let excess = replacement.excess { throw Problem("key replacement", excess) }
        try verifyNames(device: replacement.device, audience: replacement.audience, signer: device.id)
        let key = try verifyNewKey(replacement.key, new, of: message, nonce: nonce)
        guard key.jwk != signer.key.jwk else {
            throw Problem(.malformed, "the new key is the one that it would replace")
        }
        return VerifiedKeyReplacement(
            device: device.id,
            oldKey: signer.key.jwk,
            newKey: key.jwk,
            newThumbprint: Base64URL.encode(key.thumbprint),
            receipt: replacement.receipt
        )
    }

    private func verifyNewKey(
        _ jwk: JWK,
        _ signature: JWS.Signature,
        of message: UnverifiedMessage,
        nonce: VerifiedNonce
    ) throws(Problem) -> PublicKey {
        if let problem = headerProblem(signature.header, .keyReplacement, nonce) { throw problem }
        guard case .ec(.p256, _, _) = jwk else { throw Problem(.malformed, "the new key is not on P-256") }
        guard signature.header.jwk == jwk, signature.header.kid == nil else {
            throw Problem(.malformed, "the new key's signature names the payload's key as 'jwk', and no 'kid'")
        }
        let key: PublicKey
        do { key = try PublicKey(jwk) } catch { throw Problem(.malformed, "the new key is malformed: \(error)") }
        guard verifies(signature, of: message.jws, key: key) else {
            throw Problem(.badSignature, "sign with the new key too")
        }
        return key
    }
}

extension Problem {
    /// A message that a replaced key signed, where only the key in force may.
    package static let byReplacedKey = Problem(.replacedKey, "sign with the key that replaced this one")
}
