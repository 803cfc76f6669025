import PostureModel
import TestSupport
import Testing
import Verification

@Suite("A chain that ends soon")
struct ExpiryWarningTests {
    private func chain(leaf: String = "20310101000000Z", issuing end: String = "20310101000000Z") throws -> ValidChain {
        let root = try Issued.root("Corp Root")
        let issuing = try root.ca("Corp Issuing") { $0.notAfter = end }
        let leaf = try issuing.leaf { $0.notAfter = leaf }
        return try #require(try judged(leaf, trusted: [root], carried: [issuing]).chain())
    }

    @Test("is warned of in fewer days than asked for, and not before")
    func days() throws {
        let chain = try chain(leaf: "20300615120000Z")
        #expect(chain.expiryWarning(days: 14, at: Day.now) == nil)
        let later = Day.now.adding(seconds: 1)
        let warning = try #require(chain.expiryWarning(days: 14, at: later))
        #expect(warning == "CN=laptop-1.acme.test expires in 13 days, at 2030-06-15T12:00:00Z: renew it")
        #expect(chain.expiryWarning(days: 13, at: later) == nil)
        #expect(chain.expiryWarning(days: 15, at: Day.now)?.contains("in 14 days") == true)
        #expect(chain.expiryWarning(days: 0, at: Day.now) == nil)
    }

    @Test("is said to end in 1 day, and in 0 days on the last one")
    func lastDays() throws {
        let chain = try chain(leaf: "20300602120000Z")
        #expect(chain.expiryWarning(days: 14, at: Day.now)?.contains("expires in 1 day, at") == true)
        #expect(
            chain.expiryWarning(days: 14, at: Day.now.adding(seconds: 1))?.contains("expires in 0 days, at") == true
        )
    }

    @Test("is warned of by the certificate that ends first, a CA's too")
    func first() throws {
        let warning = try chain(leaf: "20300620000000Z", issuing: "20300610000000Z").expiryWarning(
            days: 30,
            at: Day.now
        )
        #expect(warning?.hasPrefix("CN=Corp Issuing, above CN=laptop-1.acme.test, expires in 8 days") == true)
    }
}
