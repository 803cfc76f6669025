import OpenSSLBridge
import PostureModel
import TestSupport
import Testing
import Verification

/// A device with a certificate, and the scorer that it writes to.
///
/// Messages are put together by hand, so that a test can put them together wrongly.
struct Sender {
    static let audience = "https://scorer.acme.test"
    static let check = "laptop"

    let pki: TestPKI
    let root: TestCertificate
    let leaf: TestCertificate
    let device: PrivateKey
    let authority = NonceAuthority(
        audience: Self.audience,
        keys: [NonceKey(id: 1, secret: [UInt8](repeating: 1, count: 32), createdAt: Day.start)]
    )
    let nonce: String

    init(key: TestPKI.Key = .p256) throws {
        pki = try TestPKI()
        root = try pki.ca("Corp Root", validity: Day.year2030)
        leaf = try pki.leaf("laptop-1.acme.test", issuer: root, key: key, validity: Day.year2030)
        device = try PrivateKey.generate(.p256)
        nonce = try #require(authority.issue(at: Day.now))
    }

    var id: DeviceID { get throws { try Self.id(of: device) } }

    /// The device as the scorer knows it.
    var known: KnownDevice { get throws { KnownDevice(try id, keys: [device.publicKey.jwk]) } }

    static func id(of key: PrivateKey) throws -> DeviceID {
        try #require(DeviceID(rawValue: Base64URL.encode(key.publicKey.thumbprint)))
    }

    let verifier = MessageVerifier(audience: Self.audience)

    /// The scorer's one check.
    func checks(trusting trusted: TestCertificate? = nil) throws -> [String: CertificateRequirements] {
        [Self.check: CertificateRequirements(trusted: [try (trusted ?? root).parsed()])]
    }

    /// A report with small facts.
    func report(_ checks: [CheckFinding] = []) throws -> Report {
        Report(
            device: try id,
            audience: Self.audience,
            agent: "postured/test",
            collectedAt: Day.now,
            facts: .none,
            warpIDs: .notApplicable(reason: "no client"),
            checks: checks
        )
    }

    /// The header of the device's own signature.
    func header(_ type: MessageType = .report) throws -> ProtectedHeader {
        var header = ProtectedHeader(
            alg: .es256,
            typ: type,
            url: Self.audience + type.path,
            nonce: nonce,
            role: ProtectedHeader.deviceRole
        )
        if type == .registration { header.jwk = device.publicKey.jwk } else { header.kid = try id.rawValue }
        return header
    }

    /// The header of a certificate's proof.
    func proofHeader(_ type: MessageType = .report, of certificate: TestCertificate? = nil) throws -> ProtectedHeader {
        let certificate = try (certificate ?? leaf).parsed()
        var header = try self.header(type)
        (header.kid, header.jwk) = (nil, nil)
        header.role = Self.check
        header.alg = try certificate.publicKey().jwk.algorithm
        header.x5t = certificate.fingerprint
        return header
    }

    /// A signature under a header, whatever the header says.
    func signature(
        _ header: ProtectedHeader,
        over payload: [UInt8],
        by key: PrivateKey,
        algorithm: SignatureAlgorithm? = nil,
        certificates: [TestCertificate] = []
    ) throws -> JWS.Signature {
        let encoded = Base64URL.encode(try Wire.encode(header))
        let input = JWS.signingInput(encodedHeader: encoded, encodedPayload: Base64URL.encode(payload))
        return JWS.Signature(
            header: header,
            encodedHeader: encoded,
            certificates: certificates.map(\.der),
            bytes: try key.sign(input, algorithm: algorithm ?? (header.alg.suits(key) ? header.alg : nil))
        )
    }

    /// The device's signature as it should be.
    func own(_ payload: [UInt8], _ type: MessageType = .report) throws -> JWS.Signature {
        try signature(header(type), over: payload, by: device)
    }

    /// The certificate's proof as it should be.
    func proof(_ payload: [UInt8], _ type: MessageType = .report) throws -> JWS.Signature {
        let key = try PrivateKey(pem: leaf.keyPEM)
        return try signature(proofHeader(type), over: payload, by: key, certificates: [leaf])
    }

    static func message(_ payload: [UInt8], _ signatures: [JWS.Signature]) throws -> [UInt8] {
        try JWS(encodedPayload: Base64URL.encode(payload), payload: payload, signatures: signatures).encoded()
    }

    /// Verifies a message as the scorer does for a device that it knows.
    func verified(
        _ message: [UInt8],
        of device: KnownDevice? = nil,
        trusting trusted: TestCertificate? = nil,
        at time: Timestamp = Day.now
    ) throws -> VerifiedReport {
        let message = try UnverifiedMessage(parsing: message)
        let nonce = try authority.verify(message.nonce, at: Day.now)
        let checks = try checks(trusting: trusted)
        let authentic = try verifier.authenticReport(message, of: device ?? known, nonce: nonce)
        return verifier.report(authentic, checks: checks, at: time)
    }

    /// The verdict on the one check of a report that is itself verified.
    func verdict(
        _ report: Report,
        _ proofs: [JWS.Signature] = [],
        trusting trusted: TestCertificate? = nil,
        at time: Timestamp = Day.now
    ) throws -> CheckVerdict {
        let payload = try Wire.encode(report)
        let message = try Self.message(payload, [own(payload)] + proofs)
        let verified = try verified(message, trusting: trusted, at: time)
        #expect(verified.report == report)
        #expect(verified.checks.count == 1)
        return try #require(verified.checks.first)
    }
}

extension SignatureAlgorithm {
    fileprivate func suits(_ key: PrivateKey) -> Bool {
        switch (self, key.publicKey.jwk) {
        case (.es256, .ec(.p256, _, _)), (.es384, .ec(.p384, _, _)), (.ps256, .rsa), (.rs256, .rsa): true
        default: false
        }
    }
}

/// Whether `body` throws a problem of this kind whose words hold all of `words`.
func expectProblem(
    _ kind: Problem.Kind,
    _ words: String...,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () throws -> some Any
) {
    let problem = #expect(throws: Problem.self, sourceLocation: sourceLocation) { _ = try body() }
    #expect(problem?.isOf(kind) == true, "\(String(describing: problem))", sourceLocation: sourceLocation)
    for word in words {
        #expect(
            problem?.description.contains(word) == true,
            "\(String(describing: problem))",
            sourceLocation: sourceLocation
        )
    }
}
