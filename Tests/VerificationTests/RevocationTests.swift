import OpenSSLBridge
import PostureModel
import TestSupport
import Testing
import Verification

/// A root, an issuing CA under it and a leaf, with the CRLs of both CAs.
struct Revocable {
    let root: Issued
    let issuing: Issued
    let leaf: Issued

    init() throws {
        root = try .root("Corp Root")
        issuing = try root.ca("Corp Issuing")
        leaf = try issuing.leaf()
    }

    func judge(
        _ lists: [[UInt8]],
        _ mode: Revocation.FailureMode,
        intermediates: [Issued] = [],
        at time: Timestamp = Day.now
    ) throws -> CertificateJudgement {
        try judged(
            leaf,
            trusted: [root],
            intermediates: [issuing] + intermediates,
            revocation: Revocation(lists: try lists.flatMap { try RevocationList.parse($0) }, failureMode: mode),
            at: time
        )
    }
}

@Suite("A certificate is revoked")
struct RevocationTests {
    let pki: Revocable

    init() throws { pki = try Revocable() }

    @Test("where its issuer's CRL says so", arguments: [.hard, .soft] as [Revocation.FailureMode])
    func leaf(mode: Revocation.FailureMode) throws {
        #expect(try pki.judge([pki.issuing.list(), pki.root.list()], mode).chain() != nil)
        let other = try pki.issuing.leaf("laptop-2.acme.test")
        #expect(try pki.judge([pki.issuing.list(revoking: [other]), pki.root.list()], mode).chain() != nil)
        try pki.judge([pki.issuing.list(revoking: [other, pki.leaf]), pki.root.list()], mode)
            .expect(.revoked, "CN=laptop-1.acme.test was revoked by CN=Corp Issuing", "issue a new one")
    }

    @Test("where a CA above it is", arguments: [.hard, .soft] as [Revocation.FailureMode])
    func intermediate(mode: Revocation.FailureMode) throws {
        try pki.judge([pki.issuing.list(), pki.root.list(revoking: [pki.issuing])], mode)
            .expect(.revoked, "CN=Corp Issuing, above CN=laptop-1.acme.test, was revoked by CN=Corp Root")
    }

    @Test("by the number and the issuer, and not by the number alone")
    func numbers() throws {
        try #expect(pki.judge([pki.issuing.list(), pki.root.list(revoking: [pki.leaf])], .hard).chain() != nil)
    }

    @Test("whenever the entry says that it was")
    func dates() throws {
        for date in ["20000101000000Z", "20300601120001Z", "20900101000000Z"] {
            let list = try pki.issuing.list(revoking: [pki.leaf]) { $0.entries[0].date = date }
            try pki.judge([list, pki.root.list()], .hard).expect(.revoked)
        }
    }

    @Test("by any of several lists, and by those of a file in PEM")
    func several() throws {
        let lists = try [pki.issuing.list(revoking: [pki.leaf]), pki.root.list(), Issued.root("Other Root").list()]
        for order in [lists, lists.reversed()] { try pki.judge(order, .hard).expect(.revoked) }
        let file = lists.map { pem("X509 CRL", $0) }.joined(separator: "and\n")
        try pki.judge([Array(file.utf8)], .hard).expect(.revoked)
    }

    @Test("in no way where no lists are given")
    func noLists() throws {
        #expect(try pki.judge([], .hard).chain() != nil)
    }

    @Test("in no way as the trusted certificate, which a person trusts and no list")
    func anchor() throws {
        let lists = try [pki.issuing.list(), pki.root.list(revoking: [pki.root])]
        #expect(try pki.judge(lists, .hard).chain() != nil)
        let revocation = Revocation(lists: try lists.flatMap { try RevocationList.parse($0) })
        // Nor does a trusted issuing CA need the CRL of a root that is not trusted itself.
        for mode in [Revocation.FailureMode.hard, .soft] {
            let revoking = try [pki.issuing.list(), pki.root.list(revoking: [pki.issuing])]
            let lists = Revocation(lists: try revoking.flatMap { try RevocationList.parse($0) }, failureMode: mode)
            #expect(try judged(pki.leaf, trusted: [pki.issuing], revocation: lists).chain() != nil)
        }
        #expect(try judged(pki.leaf, trusted: [pki.leaf], revocation: revocation).chain() != nil)
    }

    @Test("by a delta list too, on top of its base")
    func delta() throws {
        let base = try pki.issuing.list()
        func delta(_ revoked: [Issued]) throws -> [UInt8] {
            try pki.issuing.list(revoking: revoked) { draft in
                let oid = CertificateExtension.OID.deltaIndicator
                draft.extensions = [
                    draft.extensions[0],
                    CertificateExtension(CertificateExtension.OID.listNumber, value: DER.integer(2)),
                    CertificateExtension(oid, isCritical: true, value: DER.integer(1)),
                ]
            }
        }
        // OpenSSL uses a delta where the certificate or the base names where the newest list is (RFC 5280 §5.2.6).
        let point = DER.sequence(DER.sequence(tlv(0xa0, tlv(0xa0, tlv(0x86, Array("http://acme.test/delta".utf8))))))
        let fresh = CertificateExtension("2.5.29.46", value: point)
        let leaf = try pki.issuing.leaf { $0.set(fresh) }
        func judge(_ lists: [[UInt8]]) throws -> CertificateJudgement {
            let revocation = Revocation(lists: try (lists + [pki.root.list()]).flatMap { try RevocationList.parse($0) })
            return try judged(leaf, trusted: [pki.root], intermediates: [pki.issuing], revocation: revocation)
        }
        #expect(try judge([base, delta([])]).chain() != nil)
        try judge([base, delta([leaf])]).expect(.revoked)
        try judge([delta([])]).expect(.revocationUnknown)
    }
}
