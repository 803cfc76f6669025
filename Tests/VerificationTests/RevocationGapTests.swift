import OpenSSLBridge
import PostureModel
import TestSupport
import Testing
import Verification

@Suite("Why it is not known whether a certificate was revoked")
struct RevocationGapTests {
    typealias OID = CertificateExtension.OID
    let pki: Revocable

    init() throws { pki = try Revocable() }

    private func judge(
        _ lists: [[UInt8]],
        at time: Timestamp = Day.now
    ) throws -> CertificateJudgement {
        try pki.judge(lists + [pki.root.list()], .hard, at: time)
    }

    /// A list of the issuing CA with an issuing distribution point (RFC 5280 §5.2.5) of these members.
    private func list(of members: [UInt8]...) throws -> [UInt8] {
        try pki.issuing.list {
            $0.extensions.append(
                CertificateExtension(
                    OID.issuingDistributionPoint,
                    isCritical: true,
                    value: tlv(0x30, members.flatMap(\.self))
                )
            )
        }
    }

    /// The name of a distribution point.
    private func point(_ uri: String) -> [UInt8] { tlv(0xa0, tlv(0xa0, tlv(0x86, Array(uri.utf8)))) }

    @Test("there is no list, or one of another CA")
    func noList() throws {
        try judge([]).expect(gap: .noList(others: ["CN=Corp Root"]), "provide a CRL of CN=Corp Issuing")
        let other = try Issued.root("Other Root").list()
        try judge([other]).expect(
            gap: .noList(others: ["CN=Corp Root", "CN=Other Root"]),
            "those given are of CN=Corp Root"
        )
    }

    @Test("the list is for another time")
    func time() throws {
        let list = try pki.issuing.list()
        let (start, end) = (Timestamp(seconds: 1_903_824_000), Timestamp(seconds: 1_909_094_400))
        try judge([list], at: end.adding(seconds: 1)).expect(gap: .expired(nextUpdate: end), "has expired", "\(end)")
        try judge([list], at: start.adding(seconds: -1)).expect(
            gap: .notYetValid(thisUpdate: start),
            "set the clock right"
        )
    }

    @Test("the list was signed by another key")
    func signature() throws {
        try judge([Issued.root("Corp Issuing").list()]).expect(gap: .badSignature, "another CA of the same name")
        let good = try pki.issuing.list()
        try judge([good.dropLast() + [good[good.count - 1] ^ 1]]).expect(gap: .badSignature)
    }

    @Test("the list's signer may not sign lists")
    func signer() throws {
        let issuing = try pki.root.ca("Corp Issuing") { $0.set(.keyUsage(.keyCertSign)) }
        let lists = Revocation(lists: try [issuing.list(), pki.root.list()].flatMap { try RevocationList.parse($0) })
        try judged(issuing.leaf(), trusted: [pki.root], intermediates: [issuing], revocation: lists)
            .expect(gap: .signerNotPermitted, "cRLSign")
    }

    @Test("the list lacks what RFC 5280 demands")
    func form() throws {
        let changes: [(RevocationGap.ListFlaw, (inout ListDraft) -> Void)] = [
            (.version, { ($0.version, $0.extensions) = (nil, []) }), (.nextUpdate, { $0.nextUpdate = nil }),
            (.number, { $0.extensions.removeAll { $0.oid == OID.listNumber } }),
        ]
        for (flaw, change) in changes {
            try judge([pki.issuing.list(change: change)]).expect(gap: .nonconforming(flaw), "conforms to RFC 5280")
        }
    }

    @Test("the list has a critical extension that is not known")
    func critical() throws {
        let unknown = CertificateExtension(OID.unknown, isCritical: true, value: [])
        try judge([pki.issuing.list { $0.extensions.append(unknown) }]).expect(gap: .criticalExtension)
    }

    @Test("the list is for a distribution point that the certificate does not name: it says which")
    func distributionPoint() throws {
        let uri = "http://ca.acme.test/1.0/crl"
        let list = try list(of: point(uri), [0x81, 0x01, 0xff])
        try judge([list]).expect(
            gap: .otherPoint(ofList: [uri], ofCertificate: []),
            "crlDistributionPoints \(uri)",
            "names no"
        )
        func leaf(_ uri: String) throws -> CertificateJudgement {
            let points = CertificateExtension("2.5.29.31", value: tlv(0x30, tlv(0x30, point(uri))))
            let lists = Revocation(lists: try [list, pki.root.list()].flatMap { try RevocationList.parse($0) })
            return try judged(
                pki.issuing.leaf { $0.set(points) },
                trusted: [pki.root],
                intermediates: [pki.issuing],
                revocation: lists
            )
        }
        let other = "http://ca.acme.test/2.0/crl"
        try leaf(other).expect(
            gap: .otherPoint(ofList: [uri], ofCertificate: [other]),
            "crlDistributionPoints \(uri)",
            other
        )
        #expect(try leaf(uri).chain() != nil)
        // What a list names is shown to a person.
        try judge([self.list(of: point("http://x\u{1b}[31m"))]).expect(.revocationUnknown, "http://x\\1B[31m")
    }

    @Test("the list is for other certificates of its issuer, or for some reasons")
    func scope() throws {
        let yes: [UInt8] = [0x01, 0xff]
        try judge([list(of: [0x82] + yes)]).expect(gap: .authoritiesOnly)
        try judge([list(of: [0x85] + yes)]).expect(gap: .attributesOnly)
        try judge([list(of: [0x83, 0x02, 0x06, 0x40])]).expect(gap: .someReasons)
        let users = CertificateExtension(OID.issuingDistributionPoint, isCritical: true, value: tlv(0x30, [0x81] + yes))
        let lists = try [pki.issuing.list(), pki.root.list { $0.extensions.append(users) }]
        try pki.judge(lists, .hard).expect(gap: .endEntitiesOnly, "whether CN=Corp Issuing, above")
    }

    @Test("the list is a delta without its base")
    func delta() throws {
        let indicator = CertificateExtension(OID.deltaIndicator, isCritical: true, value: DER.integer(1))
        try judge([pki.issuing.list { $0.extensions.append(indicator) }]).expect(gap: .deltaOnly, "complete beside it")
    }
}
