import OpenSSLBridge
import TestSupport
import Testing
import Verification

@Suite("A leaf that is trusted itself")
struct TrustedLeafTests {
    @Test("is the end of its chain, whatever stands above it")
    func anchor() throws {
        let pki = try TestPKI()
        let root = try pki.ca("Corp Root", validity: Day.year2030)
        let issuing = try pki.ca("Corp Issuing", issuer: root, validity: Day.year2030)
        let leaf = try pki.leaf("laptop-1.acme.test", issuer: issuing, validity: Day.year2030)
        for carried in [[], [issuing], [issuing, root]] {
            let chain = try judged(leaf, trusted: [leaf], carried: carried).chain()
            #expect(chain?.certificates.map(\.der) == [leaf.der])
            #expect(chain?.anchor?.der == leaf.der)
        }
    }
}
