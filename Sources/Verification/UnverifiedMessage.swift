internal import OpenSSLBridge
package import PostureModel

/// A message as it came in: its form was read, nothing of it is verified.
package struct UnverifiedMessage: Sendable {
    let jws: JWS
    let deviceSignature: JWS.Signature
    /// The new key's own signature; in a key replacement.
    let newKeySignature: JWS.Signature?
    let proofs: [JWS.Signature]

    /// Reads a message; its form is checked, its signatures are not.
    package init(parsing bytes: [UInt8]) throws(Problem) {
        let jws: JWS
        do { jws = try JWS(parsing: bytes) } catch { throw Problem(.malformed, "the message \(error)") }
        let own = jws.signatures.filter { $0.header.role == ProtectedHeader.deviceRole }
        guard own.count == 1, let deviceSignature = own.first else {
            throw Problem(.malformed, "the message has \(own.count) signatures of the role 'device'; it needs one")
        }
        let new = jws.signatures.filter { $0.header.role == ProtectedHeader.newKeyRole }
        guard new.count <= 1 else {
            throw Problem(
                .malformed,
                "the message has \(new.count) signatures of the role '\(ProtectedHeader.newKeyRole)'"
            )
        }
        let proofs = jws.signatures.filter {
            ![ProtectedHeader.deviceRole, ProtectedHeader.newKeyRole].contains($0.header.role)
        }
        guard Set(proofs.map(\.header.role)).count == proofs.count else {
            throw Problem(.malformed, "the message has two proofs for one check")
        }
        if let flaw = jws.signatures.lazy.compactMap(\.header.excess).first { throw Problem("protected header", flaw) }
        (self.jws, self.deviceSignature) = (jws, deviceSignature)
        (newKeySignature, self.proofs) = (new.first, proofs)
    }

    /// The nonce that the device's signature names.
    package var nonce: String { deviceSignature.header.nonce }

    /// The device that the message claims to be from; nil in a registration.
    package var claimedDevice: DeviceID? { deviceSignature.header.kid.flatMap(DeviceID.init(rawValue:)) }

    /// The key that a registration brings; nil in other messages.
    package var claimedKey: JWK? { deviceSignature.header.jwk }

    /// The device whose signature the message claims to have, of whichever kind it is; nil if it names none.
    package var claimedSigner: DeviceID? {
        claimedDevice ?? claimedKey.flatMap { DeviceID(rawValue: Base64URL.encode(Digest.sha256($0.thumbprintInput))) }
    }
}
