internal import PostureModel

/// A message before it is signed.
struct Draft {
    let type: MessageType
    let payload: [UInt8]
    let nonce: String
    let audience: String
    let encodedPayload: String

    init(type: MessageType, payload: [UInt8], nonce: String, audience: String) {
        self.type = type
        self.payload = payload
        self.nonce = nonce
        self.audience = audience
        self.encodedPayload = Base64URL.encode(payload)
    }

    func header(alg: SignatureAlgorithm, role: String) -> ProtectedHeader {
        ProtectedHeader(alg: alg, typ: type, url: audience + type.path, nonce: nonce, role: role)
    }

    func signingInput(of header: ProtectedHeader) throws -> (encodedHeader: String, input: [UInt8]) {
        let encoded = Base64URL.encode(try Wire.encode(header))
        return (encoded, JWS.signingInput(encodedHeader: encoded, encodedPayload: encodedPayload))
    }
}
