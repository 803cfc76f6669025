internal import OpenSSLBridge
internal import PostureModel

/// A message as it comes in at the scorer's door.
///
/// What holds: it is refused or read, and is the same when it is written and read again; and no message is verified but
/// with a payload that the device signed.
func fuzzMessage(_ bytes: [UInt8]) {
    guard let jws = try? JWS(parsing: bytes) else {
        hold(Door.passed(bytes, key: device, trusting: Corp.root).isEmpty, "what cannot be read is not verified")
        return
    }
    guard let written = try? jws.encoded(), let again = try? JWS(parsing: written) else {
        fatalError("does not hold: a message that was read can be written and read again")
    }
    holdSame(jws, again)
    for passed in Door.passed(bytes, key: device, trusting: Corp.root) {
        // A registration brings its key along: anybody may ask.
        if case .registration(let registration) = passed, registration.key != device.jwk { continue }
        hold(
            Corp.payloads.contains(Base64URL.encode(Digest.sha256(jws.payload))),
            "a message is verified with a payload that the device signed"
        )
        guard case .report(let report) = passed else { continue }
        for verdict in report.checks where verdict.level == .proven {
            hold(verdict.chain.first?.serialNumber == Corp.leaf.serialNumber, "only the leaf's key proves")
        }
    }
}

/// The device that signed the messages of the corpus.
private let device: PublicKey = {
    guard let x = Base64URL.decode(Corp.deviceX), let y = Base64URL.decode(Corp.deviceY),
        let key = try? PublicKey(.ec(curve: .p256, x: x, y: y))
    else { fatalError("Fuzz/make-seeds made no key") }
    return key
}()

private func holdSame(_ left: JWS, _ right: JWS) {
    hold(left.encodedPayload == right.encodedPayload, "a message keeps its payload's text")
    hold(left.payload == right.payload, "a message keeps its payload")
    hold(left.signatures.count == right.signatures.count, "a message keeps its signatures")
    for (one, other) in zip(left.signatures, right.signatures) {
        hold(one.encodedHeader == other.encodedHeader, "a signature keeps its header's text")
        hold(one.header == other.header, "a signature keeps its header")
        hold(one.certificates == other.certificates, "a signature keeps its certificates")
        hold(one.bytes == other.bytes, "a signature keeps its bytes")
    }
}
