internal import OpenSSLBridge
@_spi(Verifying) package import PostureModel

/// Does this message hold? The scorer's door: the only maker of ``VerifiedReport`` and of the other verified messages.
///
/// RFC 7515 §5.2 for each signature, with what RFC 8555 §6.2 adds: the header names what kind of message it is
/// (`typ`), where it goes (`url`) and the nonce. Pure: time and nonce come in as arguments.
package struct MessageVerifier: Sendable {
    /// The URL of the scorer, without a slash at its end.
    package let audience: String

    package init(audience: String) {
        self.audience = audience
    }

    /// Verifies a report by the key of its device: nonce, headers, signature, form, and names, in this order.
    package func authenticReport(
        _ message: UnverifiedMessage,
        of device: KnownDevice,
        nonce: VerifiedNonce
    ) throws(Problem) -> AuthenticMessage<Report> {
        let signer = try verifySigner(message, .report, of: device, nonce: nonce)
        let report = try Self.report(in: message.jws.payload)
        try verifyNames(device: report.device, audience: report.audience, signer: device.id)
        return AuthenticMessage(signer, payload: report, nonce: nonce, message: message)
    }

    /// Judges the certificates of a report for the scorer's own `checks`, which have these ids.
    package func report(
        _ authentic: AuthenticMessage<Report>,
        checks: [String: CertificateRequirements],
        at now: Timestamp
    ) -> VerifiedReport {
        let verdicts = checks.sorted { $0.key < $1.key }.map { id, requirements in
            verdict(id, requirements, authentic.payload, authentic.message, nonce: authentic.nonce, at: now)
        }
        return VerifiedReport(
            report: authentic.payload,
            payload: authentic.message.jws.payload,
            checks: verdicts,
            nonceIssuedAt: authentic.nonce.issuedAt
        )
    }

    private static func report(in payload: [UInt8]) throws(Problem) -> Report {
        let report: Report
        switch try decode(ReportOrSchema.self, "report", from: payload) {
        case .report(let read): report = read
        case .otherSchema(let schema):
            throw Problem(.unsupportedSchema, "the report has schema \(schema), this scorer reads \(Report.schema)")
        }
        if let excess = report.excess { throw Problem("report", excess) }
        return report
    }

    static func decode<Value: Decodable>(
        _ type: Value.Type,
        _ name: String,
        from payload: [UInt8]
    ) throws(Problem) -> Value {
        do { return try Wire.decode(from: payload) } catch { throw Problem(.malformed, "the \(name) \(error)") }
    }

    /// Verifies a registration by the key that it brings; of its proofs, nothing.
    package func authenticRegistration(
        _ message: UnverifiedMessage,
        nonce: VerifiedNonce
    ) throws(Problem) -> AuthenticMessage<Registration> {
        guard let jwk = message.claimedKey, case .ec(.p256, _, _) = jwk else {
            throw Problem(.malformed, "a registration brings the device's P-256 key as 'jwk' in its device signature")
        }
        let key: PublicKey
        do { key = try PublicKey(jwk) } catch { throw Problem(.malformed, "the device key is malformed: \(error)") }
        try verifyForm(message, .registration, nonce: nonce)
        guard let device = DeviceID(rawValue: Base64URL.encode(key.thumbprint)), isSigned(message, kid: nil, by: key)
        else { throw .badDeviceSignature }
        let payload = try Self.decode(Registration.self, "registration", from: message.jws.payload)
        if let excess = payload.excess { throw Problem("registration", excess) }
        try verifyNames(device: payload.device, audience: payload.audience, signer: device)
        let signer = Signer(device: device, key: key)
        return AuthenticMessage(signer, payload: payload, nonce: nonce, message: message)
    }

    /// Judges the proofs of a registration for `checks`, until one holds.
    ///
    /// A registration says nothing of the machine: where a check's names have variables, any name is taken, since who
    /// registers gets a record and no points.
    package func registration(
        _ authentic: AuthenticMessage<Registration>,
        checks: [String: CertificateRequirements],
        at now: Timestamp
    ) -> VerifiedRegistration {
        for proof in authentic.message.proofs {
            guard let requirements = checks[proof.header.role] else { continue }
            let demand = (try? requirements.names.resolved(with: VariableValues())) ?? .any
            let chain = provenChain(
                proof,
                requirements.forRegistration,
                demand,
                authentic.message,
                .registration,
                nonce: authentic.nonce,
                at: now
            )
            if let leaf = chain?.certificates.first { return authentic.verified(certificate: leaf.fingerprint) }
        }
        return authentic.byToken
    }

    /// Verifies that a device asks for its own record.
    package func ownRecord(
        _ message: UnverifiedMessage,
        of device: KnownDevice,
        nonce: VerifiedNonce
    ) throws(Problem) -> Signer {
        guard message.jws.payload.isEmpty else { throw Problem(.malformed, "this message has an empty payload") }
        return try verifySigner(message, .ownRecord, of: device, nonce: nonce)
    }

    /// Verifies that a device signed this: by the key in force, or else by one of those that it replaced.
    func verifySigner(
        _ message: UnverifiedMessage,
        _ type: MessageType,
        of device: KnownDevice,
        nonce: VerifiedNonce
    ) throws(Problem) -> Signer {
        try verifyForm(message, type, nonce: nonce)
        for (index, jwk) in device.keys.enumerated() {
            guard let key = try? PublicKey(jwk), isSigned(message, kid: device.id, by: key) else { continue }
            return Signer(device: device.id, key: key, isReplaced: index > 0)
        }
        throw .badDeviceSignature
    }

    /// Verifies that the device's signature is of this type of message, before any key is tried.
    private func verifyForm(_ message: UnverifiedMessage, _ type: MessageType, nonce: VerifiedNonce) throws(Problem) {
        if let problem = headerProblem(message.deviceSignature.header, type, nonce) { throw problem }
        guard type == .keyReplacement || message.newKeySignature == nil else {
            throw Problem(
                .malformed,
                "a signature of the role '\(ProtectedHeader.newKeyRole)' is for a key replacement"
            )
        }
    }

    /// Whether this key made the device's signature, which names this device.
    private func isSigned(_ message: UnverifiedMessage, kid: DeviceID?, by key: PublicKey) -> Bool {
        let signature = message.deviceSignature
        return signature.header.kid == kid?.rawValue && verifies(signature, of: message.jws, key: key)
    }

    func verifyNames(device: DeviceID, audience: String, signer: DeviceID) throws(Problem) {
        guard device == signer else { throw Problem(.badSignature, "the payload names another device than its signer") }
        guard audience == self.audience else {
            throw Problem(.wrongAudience, "the payload is for \(audience.prefix(200)), this is \(self.audience)")
        }
    }

    /// What is wrong with a header: the same demands for the device's signature and for every proof.
    func headerProblem(_ header: ProtectedHeader, _ type: MessageType, _ nonce: VerifiedNonce) -> Problem? {
        guard header.typ == type else {
            return Problem(.malformed, "a message of the type \(header.typ.rawValue) does not go to \(type.path)")
        }
        guard header.url == audience + type.path else {
            return Problem(
                .wrongAudience,
                "the message is for \(header.url.prefix(200)), this is \(audience)\(type.path)"
            )
        }
        guard header.nonce == nonce.text else { return Problem(.badNonce, "the signatures name different nonces") }
        return nil
    }

    func verifies(_ signature: JWS.Signature, of jws: JWS, key: PublicKey) -> Bool {
        let input = JWS.signingInput(encodedHeader: signature.encodedHeader, encodedPayload: jws.encodedPayload)
        return key.verifies(signature.bytes, over: input, algorithm: signature.header.alg)
    }
}

/// A report, or the number of another version's form, whose other members are not looked at.
private enum ReportOrSchema: Decodable {
    case report(Report)
    case otherSchema(Int)

    private enum CodingKeys: String, CodingKey { case schema }

    init(from decoder: any Decoder) throws {
        let schema = try decoder.container(keyedBy: CodingKeys.self).decode(Int.self, forKey: .schema)
        self = schema == Report.schema ? .report(try Report(from: decoder)) : .otherSchema(schema)
    }
}

extension Problem {
    static let badDeviceSignature = Problem(.badSignature, "sign with the key that the device has registered")

    init(_ message: String, _ excess: MemberExcess) {
        self.init(.malformed, "the \(message)'s \(excess)", member: excess.member)
    }
}
