import OpenSSLBridge
import PostureModel
import TestSupport
import Testing
import Verification

@Suite("Nobody knows whether a certificate is revoked")
struct RevocationUnknownTests {
    let pki: Revocable

    init() throws { pki = try Revocable() }

    /// Expects lists to be of no use: refused where unknown is, and let pass where it is.
    private func useless(
        _ list: [UInt8]?,
        at time: Timestamp = Day.now,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let lists = try (list.map { [$0] } ?? []) + [pki.root.list()]
        try pki.judge(lists, .hard, at: time).expect(
            .revocationUnknown,
            "whether CN=laptop-1.acme.test was revoked",
            "a CRL of CN=Corp Issuing",
            sourceLocation: sourceLocation
        )
        #expect(try pki.judge(lists, .soft, at: time).chain() != nil, sourceLocation: sourceLocation)
    }

    @Test("without a list of its issuer")
    func missing() throws {
        try useless(nil)
        try useless(Issued.root("Other Root").list())
        try pki.judge([pki.issuing.list()], .hard).expect(
            .revocationUnknown,
            "whether CN=Corp Issuing, above",
            "CN=Corp Root"
        )
        #expect(try pki.judge([pki.issuing.list()], .soft).chain() != nil)
    }

    @Test("after the list's next update, and before its own")
    func stale() throws {
        let list = try pki.issuing.list { ($0.thisUpdate, $0.nextUpdate) = ("20300601120000Z", "20300601120010Z") }
        #expect(try pki.judge([list, pki.root.list()], .hard).chain() != nil)
        #expect(try pki.judge([list, pki.root.list()], .hard, at: Day.now.adding(seconds: 9)).chain() != nil)
        try useless(list, at: Day.now.adding(seconds: -1))
        try useless(list, at: Day.now.adding(seconds: 11))
    }

    @Test("but not where a list that is out of date says that it is")
    func staleAndRevoked() throws {
        let list = try pki.issuing.list(revoking: [pki.leaf]) { $0.nextUpdate = "20300520000000Z" }
        try pki.judge([list, pki.root.list()], .soft).expect(.revoked)
        try pki.judge([list, pki.root.list()], .hard).expect(.revocationUnknown, "expired")
    }

    @Test("by a list without what RFC 5280 demands of one: used where unknown is let pass, and not where it is refused")
    func form() throws {
        let number = CertificateExtension.OID.listNumber
        let changes: [(inout ListDraft) -> Void] = [
            { $0.nextUpdate = nil }, { $0.extensions.removeAll { $0.oid == number } },
            { ($0.version, $0.extensions) = (nil, []) },
        ]
        for change in changes {
            try useless(pki.issuing.list(change: change))
            let revoking = try pki.issuing.list(revoking: [pki.leaf], change: change)
            try pki.judge([revoking, pki.root.list()], .soft).expect(.revoked)
            try pki.judge([revoking, pki.root.list()], .hard).expect(.revocationUnknown)
        }
    }

    @Test("by a list of another CA of the same name")
    func sameName() throws {
        let impostor = try Issued.root("Corp Issuing")
        let lists = try [impostor.list(), pki.root.list()]
        try pki.judge(lists, .hard).expect(.revocationUnknown, "CN=laptop-1.acme.test")
        let both = try [impostor.list(revoking: [pki.leaf]), pki.issuing.list(), pki.root.list()]
        for order in [both, both.reversed()] { #expect(try pki.judge(order, .hard).chain() != nil) }
        // With the impostor's certificate at hand, which no trusted CA issued.
        try pki.judge(lists, .hard, intermediates: [impostor]).expect(.revocationUnknown)
    }

    @Test("by a list whose signature is bad: it is no list of the CA's")
    func badSignature() throws {
        let good = try pki.issuing.list()
        let forged = try pki.issuing.list(revoking: [pki.leaf]) { $0.signer = try .generate(.p256) }
        for bad in [good.dropLast() + [good[good.count - 1] ^ 1], forged] {
            try pki.judge([bad, pki.root.list()], .hard).expect(.revocationUnknown)
            #expect(try pki.judge([bad, pki.root.list()], .soft).chain() != nil)
            // And it does not stand in the way of one that is.
            #expect(try pki.judge([bad, good, pki.root.list()], .hard).chain() != nil)
        }
    }

    @Test("by a list of a CA that may not sign any")
    func noCRLSign() throws {
        let issuing = try pki.root.ca("Corp Issuing") { $0.set(.keyUsage(.keyCertSign)) }
        let lists = Revocation(lists: try [issuing.list(), pki.root.list()].flatMap { try RevocationList.parse($0) })
        try judged(issuing.leaf(), trusted: [pki.root], intermediates: [issuing], revocation: lists)
            .expect(.revocationUnknown, "CN=laptop-1.acme.test")
        // Without a key usage it may do everything.
        let free = try pki.root.ca("Corp Issuing") { $0[CertificateExtension.OID.keyUsage] = nil }
        let others = Revocation(lists: try [free.list(), pki.root.list()].flatMap { try RevocationList.parse($0) })
        let leaf = try free.leaf()
        #expect(try judged(leaf, trusted: [pki.root], intermediates: [free], revocation: others).chain() != nil)
    }

    @Test("by a list with a critical extension that nobody knows, of the list or of any entry")
    func criticalExtensions() throws {
        let unknown = CertificateExtension(CertificateExtension.OID.unknown, isCritical: true, value: [])
        let other = try pki.issuing.leaf("laptop-2.acme.test")
        let lists = try [
            pki.issuing.list { $0.extensions.append(unknown) },
            pki.issuing.list(revoking: [other]) { $0.entries[0].extensions = [unknown] },
        ]
        for list in lists { try pki.judge([list, pki.root.list()], .hard).expect(.revocationUnknown) }
        let harmless = CertificateExtension(CertificateExtension.OID.unknown, value: [])
        let list = try pki.issuing.list { $0.extensions.append(harmless) }
        #expect(try pki.judge([list, pki.root.list()], .hard).chain() != nil)
    }
}
