extension JWS {
    /// Reads a message.
    ///
    /// Every bound of ``Limit`` is checked; no signature is.
    public init(parsing bytes: [UInt8]) throws(WireError) {
        guard bytes.count <= Limit.message else { throw WireError("is longer than \(Limit.message) bytes") }
        let form = try Wire.decode(WireForm.self, from: bytes)
        guard let payload = Base64URL.decode(form.payload) else { throw WireError("has a payload not in base64url") }
        guard (1...Limit.signatures).contains(form.signatures.count) else {
            throw WireError("has \(form.signatures.count) signatures; 1 to \(Limit.signatures) are allowed")
        }
        var signatures: [Signature] = []
        for signature in form.signatures { signatures.append(try signature.parsed()) }
        self.init(encodedPayload: form.payload, payload: payload, signatures: signatures)
    }

    /// The message as it is sent.
    public func encoded() throws(WireError) -> [UInt8] {
        try Wire.encode(
            WireForm(
                payload: encodedPayload,
                signatures: signatures.map { signature in
                    .init(
                        protected: signature.encodedHeader,
                        header: signature.certificates.isEmpty
                            ? nil : .init(x5c: signature.certificates.map(Base64.encode)),
                        signature: Base64URL.encode(signature.bytes)
                    )
                }
            )
        )
    }
}

/// RFC 7515 §7.2.1, member by member.
private struct WireForm: Codable {
    var payload: String
    var signatures: [Signature]

    struct Signature: Codable {
        var protected: String
        var header: Unprotected?
        var signature: String

        struct Unprotected: Codable {
            var x5c: [String]?
        }

        func parsed() throws(WireError) -> JWS.Signature {
            guard let headerBytes = Base64URL.decode(protected), let bytes = Base64URL.decode(signature) else {
                throw WireError("has a signature or a protected header that is not in base64url")
            }
            let chain = header?.x5c ?? []
            guard chain.count <= JWS.Limit.certificates else {
                throw WireError(
                    "has \(chain.count) certificates at one signature; \(JWS.Limit.certificates) are allowed"
                )
            }
            let certificates = chain.compactMap(Base64.decode)
            guard certificates.count == chain.count else { throw WireError("has an x5c that is not in base64") }
            guard JSONScanner.hasUniqueNames(headerBytes) else {
                throw WireError("has a protected header with a name twice")
            }
            let parsed: ProtectedHeader
            do { try Wire.decode(UnderstoodHeader.self, from: headerBytes).check() } catch {
                throw WireError("has a protected header that \(error)")
            }
            do { parsed = try Wire.decode(ProtectedHeader.self, from: headerBytes) } catch {
                throw WireError("has a protected header that \(error)")
            }
            return JWS.Signature(header: parsed, encodedHeader: protected, certificates: certificates, bytes: bytes)
        }
    }
}

/// What changes the meaning of a header: none of it is understood here, so all of it is refused (RFC 7515 §4.1.11).
private struct UnderstoodHeader: Decodable {
    private let extensions: [String]

    private enum CodingKeys: String, CodingKey, CaseIterable { case crit, b64 }

    init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: CodingKeys.self)
        extensions = CodingKeys.allCases.filter(object.contains).map(\.stringValue)
    }

    func check() throws(WireError) {
        guard extensions.isEmpty else { throw WireError("asks for '\(extensions[0])', which is not understood") }
    }
}
