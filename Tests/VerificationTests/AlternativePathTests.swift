import OpenSSLBridge
import TestSupport
import Testing
import Verification

@Suite("A chain is found")
struct AlternativePathTests {
    typealias Form = CertificateExtension
    let root: Issued
    let issuing: Issued
    let leaf: Issued

    init() throws {
        root = try .root("Corp Root")
        issuing = try root.ca("Corp Issuing")
        leaf = try issuing.leaf()
    }

    /// Judges the leaf with the intermediates in this and in the opposite order.
    private func expect(
        _ intermediates: [Issued],
        through good: Issued,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        for order in [intermediates, intermediates.reversed()] {
            let chain = try judged(leaf, trusted: [root], intermediates: order).chain(sourceLocation: sourceLocation)
            #expect(chain?.certificates.contains { $0.der == good.der } == true, sourceLocation: sourceLocation)
        }
    }

    @Test("beside an intermediate of the same name and key that does not qualify, whatever is wrong with it")
    func twins() throws {
        let changes: [(inout Draft) -> Void] = [
            { $0.notAfter = "20300201000000Z" }, { $0.notBefore = "20301201000000Z" },
            { $0.set(.basicConstraints(isCA: false)) }, { $0[Form.OID.basicConstraints] = nil },
            { $0.set(.keyUsage(.cRLSign)) }, { $0.set(.extendedKeyUsage("1.3.6.1.5.5.7.3.4")) },
            { $0.set(.nameConstraints(excluded: [.dns("acme.test")])) }, { $0.set(.nameConstraints()) },
            { $0.set(Form(Form.OID.unknown, isCritical: true, value: [])) },
            { $0[Form.OID.authorityKeyIdentifier] = nil },
            { $0.serial = [0] },
        ]
        var twins = try changes.map { change in
            try root.ca("Corp Issuing", key: issuing.key) { draft in
                // The newest comes first where two are equally near.
                draft.notBefore = "20300301000000Z"
                change(&draft)
            }
        }
        twins.append(try root.ca("Corp Issuing", key: issuing.key) { $0.notBefore = "20300401000000Z" }.spoilt)
        for twin in twins {
            guard case .invalid = try judged(leaf, trusted: [root], intermediates: [twin]) else {
                Issue.record("a twin is good")
                continue
            }
            try expect([twin, issuing], through: issuing)
        }
        try expect(twins + [issuing], through: issuing)
    }

    @Test("beside a revoked one")
    func revokedTwin() throws {
        let twin = try root.ca("Corp Issuing", key: issuing.key) { $0.notBefore = "20300301000000Z" }
        let lists = try [root.list(revoking: [twin]), issuing.list()].flatMap { try RevocationList.parse($0) }
        func judge(_ intermediates: [Issued]) throws -> CertificateJudgement {
            try judged(leaf, trusted: [root], intermediates: intermediates, revocation: Revocation(lists: lists))
        }
        try judge([twin]).expect(.revoked)
        for order in [[twin, issuing], [issuing, twin]] {
            #expect(try judge(order).chain()?.certificates[1].der == issuing.der)
        }
    }

    @Test("over a bridge, through cycles of CAs that certify each other")
    func bridge() throws {
        let roots = try ["A", "B", "C", "D"].map { try Issued.root($0) }
        let bridge = try Issued.root("Bridge")
        let down = try zip(["A", "B", "C", "D"], roots).map { try bridge.ca($0, key: $1.key) }
        let up = try roots.map { try $0.ca("Bridge", key: bridge.key) }
        let leaf = try roots[3].leaf()
        for pool in [down + up + roots + [bridge], (down + up).reversed(), [up[0], down[3]]] {
            let chain = try judged(leaf, trusted: [roots[0]], intermediates: pool).chain()
            #expect(chain?.certificates.map(\.der) == [leaf.der, down[3].der, up[0].der, roots[0].der])
        }
        try judged(leaf, trusted: [roots[0]], intermediates: down + Array(up[1...]))
            .expect(.issuerUnknown, "trusted CA (CN=A)")
    }

    @Test("where the same pair of CAs certifies each other for ever, or none is")
    func cycle() throws {
        let (left, right) = (try Issued.root("Left"), try Issued.root("Right"))
        let cycle = try [left.ca("Right", key: right.key), right.ca("Left", key: left.key)]
        let leaf = try left.leaf()
        guard case .invalid(let problem) = try judged(leaf, trusted: [root], intermediates: cycle) else {
            Issue.record("accepted")
            return
        }
        #expect([.issuerUnknown, .untrustedIssuer].contains(problem.code), "\(problem.reason)")
        #expect(try judged(leaf, trusted: [right], intermediates: cycle).chain()?.certificates.count == 3)
        #expect(try judged(leaf, trusted: [left, right], intermediates: cycle).chain()?.certificates.count == 2)
    }
}
