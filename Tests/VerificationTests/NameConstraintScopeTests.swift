import TestSupport
import Testing
import Verification

@Suite("Name constraints hold")
struct NameConstraintScopeTests {
    typealias Form = CertificateExtension
    private let acme = Form.nameConstraints(permitted: [.dns("acme.test")])

    private func named(_ names: NameForm...) -> (inout Draft) -> Void { { $0.set(.alternativeNames(names)) } }

    @Test("for every certificate below, CAs too, whoever in the chain has them")
    func below() throws {
        let root = try Issued.root("Corp Root") { $0.set(acme) }
        let good = try root.ca("Good", change: named(.dns("ca.acme.test")))
        let bad = try root.ca("Bad", change: named(.dns("ca.example.test")))
        #expect(try judged(good.leaf(), trusted: [root], carried: [good]).chain() != nil)
        try judged(bad.leaf(), trusted: [root], carried: [bad]).expect(.nameNotPermitted, "CN=Bad", "of CN=Corp Root")
        try judged(good.leaf("other.test"), trusted: [root], carried: [good])
            .expect(.nameNotPermitted, "CN=other.test", "of CN=Corp Root")
    }

    @Test("together, where several CAs have them")
    func narrowing() throws {
        let root = try Issued.root("Corp Root") { $0.set(acme) }
        let narrow = try root.ca("Narrow") { $0.set(.nameConstraints(permitted: [.dns("it.acme.test")])) }
        let wide = try narrow.ca("Wide") { $0.set(.nameConstraints(permitted: [.dns("acme.test"), .dns("b.test")])) }
        func judge(_ name: String) throws -> CertificateJudgement {
            try judged(wide.leaf(name), trusted: [root], carried: [narrow, wide])
        }
        #expect(try judge("a.it.acme.test").chain() != nil)
        try judge("a.acme.test").expect(.nameNotPermitted, "of CN=Narrow")
        try judge("b.test").expect(.nameNotPermitted)
    }

    @Test("not for a CA that issued itself, and for a leaf that did (RFC 5280 §4.2.1.10)")
    func selfIssued() throws {
        let root = try Issued.root("Corp Root") { $0.set(acme) }
        let renewed = try root.ca("Corp Root", change: named(.dns("ca.example.test")))
        #expect(try judged(renewed.leaf(), trusted: [root], carried: [renewed]).chain() != nil)
        let leaf = try renewed.leaf("Corp Root", change: named(.dns("ca.example.test")))
        try judged(leaf, trusted: [root], carried: [renewed]).expect(.nameNotPermitted, "CN=Corp Root")
    }

    @Test("not for the certificate that has them")
    func own() throws {
        let root = try Issued.root("Corp Root") { draft in
            draft.set(acme)
            draft.set(.alternativeNames([.dns("example.test")]))
        }
        #expect(try judged(root.leaf(), trusted: [root]).chain() != nil)
    }

    @Test("in a CA alone where they are critical (RFC 5280 §4.2.1.10)")
    func notCritical() throws {
        let root = try Issued.root("Corp Root")
        let issuing = try root.ca("Corp Issuing") {
            $0.set(.nameConstraints(permitted: [.dns("acme.test")], isCritical: false))
        }
        try judged(issuing.leaf("other.test"), trusted: [root], carried: [issuing]).expect(.nameNotPermitted)
    }

    @Test(
        "only in the form of RFC 5280: those of any other make their CA useless",
        arguments: [
            [.dns(".acme.test")], [.dns("*.acme.test")], [.dns("a b")], [.ip([192, 0, 2, 0])],
            [.ip([UInt8](repeating: 0, count: 16))], [.ip([192, 0, 2, 0, 255, 0, 255, 0])], [.ip([1, 2, 3, 4, 5])],
            [.email("a@b@c")], [.email("@acme.test")], [.email(".")],
            [.uri("https://acme.test/")], [.dns("acme.test"), .dns(".acme.test")], [],
        ] as [[NameForm]]
    )
    func malformed(bases: [NameForm]) throws {
        for isCritical in [true, false] {
            for constraints in [
                Form.nameConstraints(permitted: bases, isCritical: isCritical),
                .nameConstraints(excluded: bases, isCritical: isCritical),
                .nameConstraints(permitted: [.dns("acme.test")], excluded: bases, isCritical: isCritical),
            ] {
                let root = try Issued.root("Corp Root") { $0.set(constraints) }
                try judged(root.leaf(), trusted: [root]).expect(.malformed, "CN=Corp Root", "constraint")
            }
        }
    }

    @Test("only where they say something, and with a minimum of 0")
    func incomplete() throws {
        for constraints in [
            Form.nameConstraints(), .nameConstraints(permitted: [.dns("acme.test")], minimum: 1),
            Form(Form.OID.nameConstraints, isCritical: true, value: [0x05, 0x00]),
        ] {
            let root = try Issued.root("Corp Root")
            let issuing = try root.ca("Corp Issuing") { $0.set(constraints) }
            try judged(issuing.leaf(), trusted: [root], carried: [issuing]).expect(.malformed, "CN=Corp Issuing")
        }
        // The empty base stands for every name.
        let root = try Issued.root("Corp Root") { $0.set(.nameConstraints(excluded: [.dns("")])) }
        try judged(root.leaf(), trusted: [root]).expect(.nameNotPermitted)
        let other = try Issued.root("Corp Root") { $0.set(.nameConstraints(permitted: [.dns("")])) }
        #expect(try judged(other.leaf(), trusted: [other]).chain() != nil)
    }
}
