import OpenSSLBridge
import PostureModel
import TestSupport
import Testing
import Verification

/// Unauthenticated input is cheap: two verifications at most for each certificate that a message carries.
///
/// One more is that of the device's own signature. A configured intermediate is verified once, for the first message that leads to it.
///
/// Every test has certificates of its own, so that nothing was verified before.
@Suite("Signatures are verified")
struct SignatureCountTests {
    let root: Issued
    let device: CarryingDevice
    let authority = NonceAuthority(
        audience: CarryingDevice.audience,
        keys: [NonceKey(id: 1, secret: [UInt8](repeating: 1, count: 32), createdAt: Day.start)]
    )

    init() throws {
        root = try .root("Corp Root")
        device = try CarryingDevice()
    }

    /// How many signatures of certificates and proofs a registration costs, and whether the first proof is good.
    private func count(
        _ proofs: [CarryingDevice.Proof],
        trusted: [Issued]? = nil,
        intermediates: [Certificate] = [],
        verifying configured: Int = 0,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> (count: Int, isProven: Bool) {
        let requirements = CertificateRequirements(
            trusted: try (trusted ?? [root]).map { try $0.parsed() },
            intermediates: intermediates
        )
        let checks = Dictionary(uniqueKeysWithValues: proofs.map { ($0.check, requirements) })
        let nonce = try #require(authority.issue(at: Day.now))
        let message = try UnverifiedMessage(parsing: device.registration(proofs, nonce: nonce))
        let verified = try authority.verify(nonce, at: Day.now)
        let meter = SignatureMeter()
        let registration = try meter.run {
            let verifier = MessageVerifier(audience: CarryingDevice.audience)
            let authentic = try verifier.authenticRegistration(message, nonce: verified)
            return verifier.registration(authentic, checks: checks, at: Day.now)
        }
        let carried = proofs.map(\.certificates.count).reduce(0, +)
        let count = meter.value - 1 - configured
        #expect(count <= 2 * carried, "\(count) for \(carried)", sourceLocation: sourceLocation)
        return (count, registration.provenCertificate != nil)
    }

    private func proof(_ leaf: Issued, _ carried: [Issued] = [], check: String = "laptop") -> CarryingDevice.Proof {
        CarryingDevice.Proof(([leaf] + carried).map(\.der), key: leaf.key, check: check)
    }

    @Test("once for each certificate of an honest chain, and once for the proof", arguments: 0...8)
    func honest(length: Int) throws {
        var chain = [root]
        for depth in 0..<length { chain.append(try chain[depth].ca("CA \(depth)")) }
        let leaf = try chain[length].leaf()
        let carried = Array(chain.dropFirst().reversed())
        for order in [carried, carried.reversed(), carried + [root]] where order.count < 10 {
            let (count, isProven) = try count([proof(leaf, order)])
            #expect(isProven)
            #expect(count == length + 2)
        }
    }

    @Test("once for each configured intermediate, for the first message alone")
    func configured() throws {
        let issuing = try root.ca("Corp Issuing")
        let others = try (0..<50).map { _ in try root.ca("Corp Issuing") } + [try root.ca("Other CA")]
        let intermediates = try (others + [issuing]).map { try $0.parsed() }
        for configured in [1, 0, 0] {
            let proof = try proof(issuing.leaf())
            let (count, isProven) = try count([proof], intermediates: intermediates, verifying: configured)
            #expect(isProven)
            // The leaf and the proof: key identifiers tell the other intermediates apart.
            #expect(count == 2)
        }
    }

    @Test("once for each certificate, however many were renewed or cross-signed")
    func forks() throws {
        let other = try Issued.root("Other Root")
        let key = try PrivateKey.generate(.p256)
        let renewed = try (0..<8).map { _ in try root.ca("Corp Issuing", key: key) }
        let (count, isProven) = try count([proof(renewed[0].leaf(), renewed)])
        #expect(isProven)
        #expect(count == 8 + 2)
        // Two layers of cross-certificates, of which the trusted root vouches for one each.
        let (upper, lower) = (try PrivateKey.generate(.p256), try PrivateKey.generate(.p256))
        let above = try [other.ca("Upper", key: upper), root.ca("Upper", key: upper), other.ca("Upper", key: upper)]
        let below = try [other.ca("Lower", key: lower), above[1].ca("Lower", key: lower)]
        let crossed = try self.count([proof(below[0].leaf(), below + above)])
        #expect(crossed.isProven)
        #expect(crossed.count == 1 + 1 + 2)
    }

    @Test("with two keys at most where names and key identifiers leave more of them")
    func alike() throws {
        let identifier = [UInt8](repeating: 7, count: 20)
        let alike = try (0..<8).map { _ in try root.ca("Corp Issuing") { $0.set(.subjectKeyIdentifier(identifier)) } }
        for signer in alike {
            _ = try count([proof(signer.leaf { $0.set(.authorityKeyIdentifier(identifier)) }, alike)])
            _ = try count([proof(signer.leaf { $0[CertificateExtension.OID.authorityKeyIdentifier] = nil }, alike)])
        }
        // Layers of CAs that all might have issued each other.
        var pool: [Issued] = []
        for _ in 0..<3 {
            let above = pool.last ?? root
            pool += try (0..<3).map { _ in
                try above.ca("Corp Root") { draft in
                    draft.set(.subjectKeyIdentifier(identifier))
                    draft.set(.authorityKeyIdentifier(identifier))
                }
            }
        }
        let leaf = try pool[8].leaf { $0.set(.authorityKeyIdentifier(identifier)) }
        let top = try Issued.root("Corp Root", key: root.key) { $0.set(.subjectKeyIdentifier(identifier)) }
        for order in [pool, pool.reversed()] { _ = try count([proof(leaf, order)], trusted: [top]) }
    }

    @Test("of a forged leaf once, under a configured CA, and never with the key of a forged CA")
    func forged() throws {
        let issuing = try root.ca("Corp Issuing")
        let impostor = try Issued.root("Corp Issuing")
        func claim(_ draft: inout Draft) { draft.set(.authorityKeyIdentifier(Issued.identifier(of: issuing.key))) }
        let known = [try issuing.parsed()]
        let underReal = try count([proof(impostor.leaf(change: claim))], intermediates: known, verifying: 1)
        #expect(underReal == (1, false))
        // The impostor names no key of its issuer, so that the real CA's is tried on it, and none on the leaf.
        let underForged = try count([proof(impostor.leaf(), [impostor])], intermediates: known)
        #expect(underForged == (1, false))
    }

    @Test("not once where nine self-issued CAs have the trusted one's name, and keys that cost much")
    func selfIssuedCAs() throws {
        for hasIdentifiers in [true, false] {
            var chain = [try Issued.root("Corp Root")]
            for _ in 0..<8 {
                let last = try #require(chain.last)
                chain.append(
                    try last.ca("Corp Root") { draft in
                        draft.publicKeyInfo = Self.costlyKey
                        if !hasIdentifiers {
                            draft[CertificateExtension.OID.subjectKeyIdentifier] = nil
                            draft[CertificateExtension.OID.authorityKeyIdentifier] = nil
                        }
                    }
                )
            }
            let leaf = try #require(chain.last).leaf { draft in
                if !hasIdentifiers { draft[CertificateExtension.OID.authorityKeyIdentifier] = nil }
            }
            let (count, isProven) = try count([proof(leaf, chain.reversed())])
            #expect(!isProven)
            // Without identifiers the trusted CA's key is tried on each of them.
            #expect(count <= (hasIdentifiers ? 1 : 10))
        }
    }

    /// An RSA key of 3072 bits whose public exponent is as long.
    private static let costlyKey: [UInt8] = {
        let number = [UInt8](repeating: 0xff, count: 384)
        return DER.rsaKeyInfo(modulus: number, exponent: number)
    }()

    @Test("not with the key of a certificate that may not issue, though the trusted CA issued it")
    func enrolledLeaf() throws {
        let enrolled = try root.leaf("Corp Root")
        let below = try enrolled.ca("Below")
        let (count, isProven) = try count([proof(below.leaf(), [below, enrolled])])
        #expect(!isProven)
        // The enrolled leaf's own signature is good, and nothing below it is looked at.
        #expect(count <= 2)
    }

    @Test("within the bound for all proofs of a message together")
    func manyChecks() throws {
        let other = try Issued.root("Corp Root")
        let proofs = try (0..<8).map { index in
            let ca = try (index % 2 == 0 ? root : other).ca("CA \(index)")
            return try proof(ca.leaf(), [ca, other], check: "check-\(index)")
        }
        #expect(try count(proofs).isProven)
    }

    @Test("of a CRL once, and not for each message")
    func lists() throws {
        let issuing = try root.ca("Corp Issuing")
        let lists = try [issuing, root].map { try RevocationList.parse($0.list()) }.flatMap { $0 }
        let requirements = CertificateRequirements(
            trusted: [try root.parsed()],
            intermediates: [try issuing.parsed()],
            revocation: Revocation(lists: lists)
        )
        let meter = SignatureMeter()
        for _ in 0..<3 {
            let leaf = try issuing.leaf().parsed()
            let judgement = try meter.run { try judge(leaf, against: requirements, at: Day.now) }
            #expect(judgement.chain() != nil)
        }
        // Each leaf once, and the intermediate and each list once for all of them.
        #expect(meter.value == 3 + 1 + 2)
    }
}
