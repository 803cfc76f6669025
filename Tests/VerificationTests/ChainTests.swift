import OpenSSLBridge
import PostureModel
import TestSupport
import Testing
import Verification

@Suite("A certificate is valid")
struct ChainTests {
    let pki: TestPKI
    let root: TestCertificate
    let issuing: TestCertificate

    init() throws {
        pki = try TestPKI()
        root = try pki.ca("Corp Root", validity: Day.year2030)
        issuing = try pki.ca("Corp Issuing", issuer: root, validity: Day.year2030)
    }

    @Test("over an intermediate, configured or carried with it, to the trusted root")
    func intermediate() throws {
        let leaf = try pki.leaf("laptop-1.acme.test", issuer: issuing, validity: Day.year2030)
        for (configured, carried) in [([issuing], []), ([], [issuing]), ([issuing], [issuing, root, leaf])] {
            let chain = try judged(leaf, trusted: [root], intermediates: configured, carried: carried).chain()
            #expect(chain?.certificates.map(\.der) == [leaf.der, issuing.der, root.der])
            #expect(chain?.anchor?.der == root.der)
        }
    }

    @Test("directly under the trusted root")
    func direct() throws {
        let leaf = try pki.leaf("laptop-1.acme.test", issuer: root, validity: Day.year2030)
        #expect(try judged(leaf, trusted: [root]).chain()?.certificates.map(\.der) == [leaf.der, root.der])
    }

    @Test("to an issuing CA that is trusted itself, without its root")
    func partial() throws {
        let leaf = try pki.leaf("laptop-1.acme.test", issuer: issuing, validity: Day.year2030)
        #expect(try judged(leaf, trusted: [issuing]).chain()?.anchor?.der == issuing.der)
        let other = try pki.leaf("laptop-1.acme.test", issuer: root, validity: Day.year2030)
        try judged(other, trusted: [issuing], carried: [root]).expect(
            .untrustedIssuer,
            "CN=Corp Root",
            "CN=Corp Issuing"
        )
    }

    @Test("to any of several trusted CAs")
    func several() throws {
        let other = try pki.ca("Other Root", validity: Day.year2030)
        let leaf = try pki.leaf("laptop-1.acme.test", issuer: other, validity: Day.year2030)
        #expect(try judged(leaf, trusted: [root, issuing, other]).chain()?.anchor?.der == other.der)
    }

    @Test("whose CAs have the same name, by the key that signed it")
    func sameNames() throws {
        let renewed = try pki.ca("Corp Issuing", issuer: root, validity: Day.year2030)
        for issuer in [issuing, renewed] {
            let leaf = try pki.leaf("laptop-1.acme.test", issuer: issuer, validity: Day.year2030)
            for order in [[issuing, renewed], [renewed, issuing]] {
                let chain = try judged(leaf, trusted: [root], intermediates: order).chain()
                #expect(chain?.certificates.map(\.der) == [leaf.der, issuer.der, root.der])
            }
        }
    }

    @Test("over the valid one of an expired and a renewed intermediate")
    func renewedIntermediate() throws {
        let old = try pki.ca("Corp Issuing", issuer: root, key: .of(issuing), validity: .expired)
        let leaf = try pki.leaf("laptop-1.acme.test", issuer: issuing, validity: Day.year2030)
        for order in [[issuing, old], [old, issuing]] {
            #expect(try judged(leaf, trusted: [root], carried: order).chain()?.certificates[1].der == issuing.der)
        }
    }

    @Test("over the trusted one of two cross-certificates, whichever lives longer")
    func crossSigned() throws {
        let other = try pki.ca("Other Root", validity: Day.year2030)
        let longer = TestPKI.Validity.between("20300101000000Z", "20350101000000Z")
        let crossed = try pki.ca("Corp Issuing", issuer: other, key: .of(issuing), validity: longer)
        let leaf = try pki.leaf("laptop-1.acme.test", issuer: issuing, validity: Day.year2030)
        for order in [[issuing, crossed], [crossed, issuing]] {
            #expect(try judged(leaf, trusted: [root], intermediates: order).chain()?.anchor?.der == root.der)
            #expect(try judged(leaf, trusted: [other], intermediates: order).chain()?.anchor?.der == other.der)
        }
    }

    @Test("with keys of other kinds", arguments: [TestPKI.Key.p384, .rsa(2048), .rsa(3072)])
    func keys(key: TestPKI.Key) throws {
        let issuing = try pki.ca("Corp Issuing", issuer: root, key: key, validity: Day.year2030)
        let leaf = try pki.leaf("laptop-1.acme.test", issuer: issuing, key: key, validity: Day.year2030)
        #expect(try judged(leaf, trusted: [root], carried: [issuing]).chain() != nil)
    }

    @Test("where its common name is the one asked for, whole and in any case")
    func name() throws {
        let leaf = try pki.leaf("Laptop-1.Acme.test", issuer: root, validity: Day.year2030)
        for name in ["laptop-1.acme.test", "LAPTOP-1.ACME.TEST", "Laptop-1.Acme.test"] {
            #expect(try judged(leaf, trusted: [root], commonName: name).chain() != nil)
        }
        for name in [
            "laptop-2.acme.test", "laptop-1.acme", "aptop-1.acme.test", "*.acme.test", " laptop-1.acme.test",
        ] {
            try judged(leaf, trusted: [root], commonName: name).expect(.wrongName, "CN=Laptop-1.Acme.test", "'\(name)'")
        }
    }

    @Test("where any of its common names is the one asked for, and no other name of it")
    func names() throws {
        let subject = [("CN", "one.test"), ("OU", "three.test"), ("CN", "two.test")]
        let leaf = try pki.leaf("", issuer: root, subject: subject, names: ["DNS:four.test"], validity: Day.year2030)
        for name in ["one.test", "two.test"] {
            #expect(try judged(leaf, trusted: [root], commonName: name).chain() != nil)
        }
        for name in ["three.test", "four.test", "one.test,two.test"] {
            try judged(leaf, trusted: [root], commonName: name).expect(.wrongName, name)
        }
    }

    @Test("until the first of its chain expires")
    func holdsUntil() throws {
        let short = TestPKI.Validity.between("20300101000000Z", "20300701000000Z")
        let shortCA = try pki.ca("Short CA", issuer: root, validity: short)
        let long = try pki.leaf("a.test", issuer: shortCA, validity: Day.year2030)
        let chain = try judged(long, trusted: [root], carried: [shortCA]).chain()
        #expect(chain?.holdsUntil?.description == "2030-07-01T00:00:00Z")
        let brief = try pki.leaf("a.test", issuer: issuing, validity: short)
        let other = try judged(brief, trusted: [root], carried: [issuing]).chain()
        #expect(other?.holdsUntil?.description == "2030-07-01T00:00:00Z")
        let leaf = try pki.leaf("a.test", issuer: issuing, validity: Day.year2030)
        #expect(try judged(leaf, trusted: [root], carried: [issuing]).chain()?.holdsUntil == Day.end)
    }
}
