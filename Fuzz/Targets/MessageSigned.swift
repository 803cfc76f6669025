internal import OpenSSLBridge
internal import PostureModel
internal import Verification

/// A message of a device that lies, and signs its lies: what comes after the signatures is reached.
///
/// An input is pieces: the payload, and for each signature its header (JSON) and then its certificates (DER), whose key
/// becomes the harness's; `%DEVICE%`, `%KEY%` and `%LEAF%` become the device's id, its key as a JWK, and the
/// fingerprint of the first certificate.
/// What holds: the message is read as what was put in, and a verified report says what the payload says.
func fuzzMessageSigned(_ bytes: [UInt8]) {
    var pieces = Pieces(bytes).all[...]
    guard let payload = pieces.popFirst().map({ replacing($0, leaf: "") }) else { return }
    var signatures: [(header: [UInt8], certificates: [[UInt8]])] = []
    for piece in pieces.prefix(64) {
        if piece.first != 0x30 || signatures.isEmpty {
            signatures.append((piece, []))
        } else {
            signatures[signatures.count - 1].certificates.append(Issuer.issued(piece, key: .ours) ?? piece)
        }
    }
    let message = Wrapped(payload: Base64URL.encode(payload), signatures: signatures.map { signed($0, over: payload) })
    guard let written = try? Wire.encode(message) else { fatalError("does not hold: any message can be written") }
    guard written.count <= JWS.Limit.message, let jws = try? JWS(parsing: written) else { return }
    hold(jws.payload == payload, "a message has the payload that was put in")
    hold(jws.signatures.map(\.certificates) == signatures.map(\.certificates), "and the certificates")

    for passed in Door.passed(written, key: Issuer.key.publicKey, trusting: Issuer.root) {
        switch passed {
        case .report(let verified):
            hold((try? Wire.decode(Report.self, from: payload)) == verified.report, "a verified report is the payload")
            hold(verified.report.device == device, "a verified report is its signer's")
        case .registration(let verified):
            hold(verified.device == device, "a registration is its signer's")
            hold(verified.key == Issuer.key.publicKey.jwk, "a registration brings its signer's key")
        case .ownRecord(let owner):
            hold(owner == device && payload.isEmpty, "a device asks for its own record")
        case .retirement(let retirement): hold(retirement.device == device, "a device retires by itself")
        case .keyReplacement: hold(false, "the harness's one key does not replace itself")
        }
    }
}

private let device: DeviceID = {
    guard let id = DeviceID(rawValue: Base64URL.encode(Issuer.key.publicKey.thumbprint)) else {
        fatalError("a thumbprint is an id")
    }
    return id
}()

private func signed(_ part: (header: [UInt8], certificates: [[UInt8]]), over payload: [UInt8]) -> Wrapped.Signature {
    let leaf = part.certificates.first.map { Base64URL.encode(Digest.sha256($0)) } ?? ""
    let header = Base64URL.encode(replacing(part.header, leaf: leaf))
    let input = JWS.signingInput(encodedHeader: header, encodedPayload: Base64URL.encode(payload))
    guard let signature = try? Issuer.key.sign(input) else { fatalError("the key signs nothing") }
    return Wrapped.Signature(
        protected: header,
        header: Wrapped.Unprotected(x5c: part.certificates.map(Base64.encode)),
        signature: Base64URL.encode(signature)
    )
}

private func replacing(_ piece: [UInt8], leaf: String) -> [UInt8] {
    var (rest, replaced): (ArraySlice<UInt8>, [UInt8]) = (piece[...], [])
    while let first = rest.first {
        // Searched by hand: the library's search takes longer than the verification.
        let found = first == UInt8(ascii: "%") ? placeholders.first { rest.starts(with: $0.name) } : nil
        replaced += found.map { $0.isLeaf ? Array(leaf.utf8) : $0.value } ?? [first]
        rest = rest.dropFirst(found?.name.count ?? 1)
    }
    return replaced
}

private let placeholders: [(name: [UInt8], value: [UInt8], isLeaf: Bool)] = [
    (Array("%DEVICE%".utf8), Array(device.rawValue.utf8), false),
    (Array("%KEY%".utf8), (try? Wire.encode(Issuer.key.publicKey.jwk)) ?? [], false),
    (Array("%LEAF%".utf8), [], true),
]

/// RFC 7515 §7.2.1, as a sender writes it who minds no rules.
private struct Wrapped: Encodable {
    var payload: String
    var signatures: [Signature]

    struct Signature: Encodable {
        var protected: String
        var header: Unprotected
        var signature: String
    }

    struct Unprotected: Encodable {
        var x5c: [String]
    }
}
