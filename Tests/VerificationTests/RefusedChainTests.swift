import OpenSSLBridge
import PostureModel
import TestSupport
import Testing
import Verification

@Suite("A certificate is refused")
struct RefusedChainTests {
    let pki: TestPKI
    let root: TestCertificate
    let issuing: TestCertificate
    let name = "laptop-1.acme.test"

    init() throws {
        pki = try TestPKI()
        root = try pki.ca("Corp Root", validity: Day.year2030)
        issuing = try pki.ca("Corp Issuing", issuer: root, validity: Day.year2030)
    }

    @Test("by the time that it is judged at, and by no other clock")
    func time() throws {
        let leaf = try pki.leaf(name, issuer: issuing, validity: Day.year2030)
        func judge(_ time: Timestamp) throws -> CertificateJudgement {
            try judged(leaf, trusted: [root], carried: [issuing], at: time)
        }
        #expect(try judge(Day.start).chain() != nil)
        #expect(try judge(Day.end).chain() != nil)
        try judge(Day.end.adding(seconds: 1)).expect(.expired, "expired at 2031-01-01T00:00:00Z", "renew")
        try judge(Day.start.adding(seconds: -1))
            .expect(.notYetValid, "valid only from 2030-01-01T00:00:00Z", "it is 2029-12-31T23:59:59Z", "clock")
        for time in [Timestamp(microseconds: .max), Timestamp(seconds: 253_402_300_800)] {
            guard case .invalid = try judge(time) else { Issue.record("accepted at \(time)"); continue }
        }
        guard case .invalid = try judge(Timestamp(microseconds: .min)) else { Issue.record("accepted"); return }
    }

    @Test("when it expired, and the sentence names it and the moment")
    func expired() throws {
        let leaf = try pki.leaf(name, issuer: issuing, validity: .expired)
        try judged(leaf, trusted: [root], carried: [issuing])
            .expect(.expired, "CN=\(name) expired at 2021-01-01T00:00:00Z", "it is 2030-06-01T12:00:00Z", "renew")
    }

    @Test("when a CA above it expired, and the sentence names that one")
    func expiredAbove() throws {
        let old = try pki.ca("Old Issuing", issuer: root, validity: .expired)
        let leaf = try pki.leaf(name, issuer: old, validity: Day.year2030)
        try judged(leaf, trusted: [root], carried: [old])
            .expect(.expired, "CN=Old Issuing, above CN=\(name), expired at 2021-01-01T00:00:00Z")
        let oldRoot = try pki.ca("Old Root", validity: .expired)
        let under = try pki.leaf(name, issuer: oldRoot, validity: Day.year2030)
        try judged(under, trusted: [oldRoot]).expect(.expired, "CN=Old Root, above CN=\(name),")
    }

    @Test("before it is valid")
    func notYetValid() throws {
        let leaf = try pki.leaf(name, issuer: issuing, validity: .notYetValid)
        try judged(leaf, trusted: [root], carried: [issuing])
            .expect(.notYetValid, "CN=\(name) is valid only from 2090-01-01T00:00:00Z", "clock")
    }

    @Test("when another CA issued it, shown or not")
    func otherIssuer() throws {
        let other = try pki.ca("Other Root", validity: Day.year2030)
        let leaf = try pki.leaf(name, issuer: other, validity: Day.year2030)
        try judged(leaf, trusted: [root])
            .expect(.issuerUnknown, "CN=\(name) was issued by CN=Other Root", "trusted CA (CN=Corp Root)")
        try judged(leaf, trusted: [root], carried: [other])
            .expect(.untrustedIssuer, "ends at CN=Other Root", "trusted CA (CN=Corp Root)")
        try judged(leaf, trusted: [root, issuing]).expect(.issuerUnknown, "CN=Corp Root or CN=Corp Issuing")
    }

    @Test("when it signed itself")
    func selfSigned() throws {
        let leaf = try pki.leaf(name, issuer: nil, validity: Day.year2030)
        try judged(leaf, trusted: [root]).expect(.untrustedIssuer, "ends at CN=\(name)", "CN=Corp Root")
    }

    @Test("when the intermediate is missing, and the sentence names it")
    func missingIntermediate() throws {
        let leaf = try pki.leaf(name, issuer: issuing, validity: Day.year2030)
        try judged(leaf, trusted: [root])
            .expect(.issuerUnknown, "CN=\(name) was issued by CN=Corp Issuing", "add that intermediate")
        let lower = try pki.ca("Lower CA", issuer: issuing, validity: Day.year2030)
        let deep = try pki.leaf(name, issuer: lower, validity: Day.year2030)
        try judged(deep, trusted: [root], carried: [lower])
            .expect(.issuerUnknown, "CN=Lower CA, above CN=\(name), was issued by CN=Corp Issuing")
    }

    @Test("when a CA of the same name, but not of the same key, issued it")
    func sameName() throws {
        let impostor = try pki.ca("Corp Root", validity: Day.year2030)
        let leaf = try pki.leaf(name, issuer: impostor, validity: Day.year2030)
        guard case .invalid = try judged(leaf, trusted: [root]) else { Issue.record("accepted"); return }
        try judged(leaf, trusted: [root], carried: [impostor]).expect(.untrustedIssuer, "CN=Corp Root")
        // Without key identifiers nothing but the signature tells them apart.
        let none: [String: String?] = ["subjectKeyIdentifier": nil, "authorityKeyIdentifier": nil]
        let bare = try pki.leaf(name, issuer: impostor, validity: Day.year2030, extensions: none)
        guard case .invalid = try judged(bare, trusted: [root]) else { Issue.record("accepted"); return }
        let copied = try pki.ca("Corp Root", key: .of(root), validity: Day.year2030)
        #expect(copied.der != root.der)
    }

    @Test("when one byte of its signature is another")
    func badSignature() throws {
        let leaf = try pki.leaf(name, issuer: root, validity: Day.year2030)
        var der = leaf.der
        der[der.count - 1] ^= 1
        let requirements = CertificateRequirements(trusted: [try root.parsed()])
        try judge(Certificate(der: der), against: requirements, at: Day.now)
            .expect(.badSignature, "CN=\(name)", "CN=Corp Root's key", "altered")
    }

    @Test("when nothing is trusted")
    func noTrust() throws {
        let leaf = try pki.leaf(name, issuer: issuing, validity: Day.year2030)
        guard case .invalid = try judged(leaf, trusted: [], carried: [issuing, root]) else {
            Issue.record("accepted")
            return
        }
        guard case .invalid = try judged(root, trusted: [], usages: []) else { Issue.record("accepted"); return }
    }

    @Test("when the chain is the certificate itself, trusted")
    func trustedLeaf() throws {
        // A partial chain may end at once: then the certificate itself was configured as trusted.
        let leaf = try pki.leaf(name, issuer: nil, validity: Day.year2030)
        let chain = try judged(leaf, trusted: [leaf]).chain()
        #expect(chain?.certificates.map(\.der) == [leaf.der])
    }
}
