import OpenSSLBridge
import PostureModel
import TestSupport
import Testing
import Verification

@Suite("A certificate's proof in a verified report")
struct ProofTests {
    let sender: Sender
    let report: Report
    let payload: [UInt8]

    init() throws {
        sender = try Sender()
        report = try sender.report()
        payload = try Wire.encode(report)
    }

    /// Expects the report to be verified and the check to have failed.
    private func refused(
        _ proof: JWS.Signature,
        as code: CertificateProblem.Code = .badProof,
        _ words: String,
        at time: Timestamp = Day.now,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let verdict = try sender.verdict(report, [proof], at: time)
        #expect(verdict.level == .none, sourceLocation: sourceLocation)
        #expect(verdict.code == code.rawValue, "\(verdict.reason)", sourceLocation: sourceLocation)
        #expect(verdict.reason.contains(words), "\(verdict.reason)", sourceLocation: sourceLocation)
        #expect(!verdict.proves && verdict.bound.isEmpty && verdict.commonName == nil, sourceLocation: sourceLocation)
    }

    private func signed(
        by key: PrivateKey? = nil,
        showing certificates: [TestCertificate]? = nil,
        algorithm: SignatureAlgorithm? = nil,
        _ change: (inout ProtectedHeader) throws -> Void = { _ in }
    ) throws -> JWS.Signature {
        var header = try sender.proofHeader()
        try change(&header)
        let key = try key ?? PrivateKey(pem: sender.leaf.keyPEM)
        return try sender.signature(
            header,
            over: payload,
            by: key,
            algorithm: algorithm,
            certificates: certificates ?? [sender.leaf]
        )
    }

    @Test("counts with keys of other kinds", arguments: [TestPKI.Key.p384, .rsa(2048)])
    func kinds(key: TestPKI.Key) throws {
        let sender = try Sender(key: key)
        let payload = try Wire.encode(sender.report())
        #expect(try sender.verdict(sender.report(), [sender.proof(payload)]).level == .proven)
    }

    @Test("counts under RS256 too, where the token cannot do PSS")
    func rs256() throws {
        let sender = try Sender(key: .rsa(2048))
        let payload = try Wire.encode(sender.report())
        var header = try sender.proofHeader()
        let key = try PrivateKey(pem: sender.leaf.keyPEM)
        header.alg = .rs256
        let proof = try sender.signature(header, over: payload, by: key, certificates: [sender.leaf])
        #expect(try sender.verdict(sender.report(), [proof]).level == .proven)
        let confused = try sender.signature(
            header,
            over: payload,
            by: key,
            algorithm: .ps256,
            certificates: [sender.leaf]
        )
        #expect(try sender.verdict(sender.report(), [confused]).code == "bad_proof")
    }

    @Test("is bad by another key than the certificate's")
    func otherKey() throws {
        try refused(signed(by: sender.device), "not made by the key of CN=laptop-1.acme.test")
        let theirs = try sender.pki.leaf("laptop-2.acme.test", issuer: sender.root, validity: Day.year2030)
        // Somebody else's certificate, with the hash of that certificate, by one's own key.
        let own = try PrivateKey(pem: sender.leaf.keyPEM)
        let proof = try signed(by: own, showing: [theirs]) { $0.x5t = try theirs.parsed().fingerprint }
        try refused(proof, "not made by the key of CN=laptop-2.acme.test")
        try refused(signed(showing: [theirs, sender.leaf]), "not made by the key of CN=laptop-2.acme.test")
    }

    @Test("is bad where the header names another certificate, or none")
    func thumbprint() throws {
        let other = try sender.pki.leaf(
            "laptop-1.acme.test",
            issuer: sender.root,
            key: .of(sender.leaf),
            validity: Day.year2030
        )
        try refused(signed { $0.x5t = try other.parsed().fingerprint }, "not made by the key")
        try refused(signed { $0.x5t = nil }, "not made by the key")
        try refused(signed { $0.x5t = "" }, "not made by the key")
    }

    @Test("is bad where it was lifted from another report")
    func lifted() throws {
        var other = report
        other.agent = "postured/other"
        try refused(sender.proof(Wire.encode(other)), "not made by the key")
        // From the report of another device, which the payload names.
        other = report
        other.device = try Sender.id(of: PrivateKey.generate(.p256))
        try refused(sender.proof(Wire.encode(other)), "not made by the key")
    }

    @Test("is bad for another nonce, address or kind of message")
    func headers() throws {
        let nonce = try #require(sender.authority.issue(at: Day.now))
        try refused(signed { $0.nonce = nonce }, "another message: the nonce")
        try refused(
            signed { $0.url = "https://other.acme.test/v1/reports" },
            "another message: the message is for another scorer"
        )
        try refused(signed { $0.typ = .registration }, "another message")
    }

    @Test("is bad with a signature that is none, or under an algorithm of another key")
    func signatures() throws {
        let good = try signed()
        for bytes in [[], [0], [UInt8](repeating: 0, count: 64), good.bytes.dropLast(), good.bytes + [0]] as [[UInt8]] {
            let proof = JWS.Signature(
                header: good.header,
                encodedHeader: good.encodedHeader,
                certificates: good.certificates,
                bytes: bytes
            )
            try refused(proof, "not made by the key")
        }
        for algorithm in [SignatureAlgorithm.es384, .ps256, .rs256] {
            try refused(signed(algorithm: .es256) { $0.alg = algorithm }, "not made by the key")
        }
    }

    @Test("proves nothing by a certificate that may not sign")
    func noDigitalSignature() throws {
        let leaf = try sender.pki.leaf(
            "laptop-1.acme.test",
            issuer: sender.root,
            validity: Day.year2030,
            extensions: ["keyUsage": "critical,keyAgreement"]
        )
        let proof = try signed(by: PrivateKey(pem: leaf.keyPEM), showing: [leaf]) {
            $0.x5t = try leaf.parsed().fingerprint
        }
        try refused(proof, "not made by the key")
    }

    @Test("is worth what its certificate is worth at the scorer")
    func certificates() throws {
        let proof = try signed()
        let other = try sender.pki.ca("Other Root", validity: Day.year2030)
        #expect(try sender.verdict(report, [proof], trusting: other).code == "issuer_unknown")
        try refused(signed(showing: []), as: .noCertificate, "no certificate")
        let garbage = JWS.Signature(
            header: proof.header,
            encodedHeader: proof.encodedHeader,
            certificates: [[1, 2, 3]],
            bytes: proof.bytes
        )
        try refused(garbage, as: .unreadable, "cannot be read")
    }

    @Test("for a check that the scorer does not have counts for nothing")
    func otherCheck() throws {
        try refused(signed { $0.role = "other" }, as: .notFound, "no check with the id 'laptop'")
    }
}
