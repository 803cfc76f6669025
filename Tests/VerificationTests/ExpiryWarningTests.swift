import PostureModel
import TestSupport
import Testing
import Verification

@Suite("A chain that ends soon")
struct ExpiryWarningTests {
    private func chain(
        leaf: String = "20310101000000Z",
        from start: String = "20300101000000Z",
        issuing end: String = "20310101000000Z"
    ) throws -> ValidChain {
        let root = try Issued.root("Corp Root")
        let issuing = try root.ca("Corp Issuing") { $0.notAfter = end }
        let leaf = try issuing.leaf { ($0.notBefore, $0.notAfter) = (start, leaf) }
        return try #require(try judged(leaf, trusted: [root], carried: [issuing]).chain())
    }

    @Test("is warned of in fewer days than asked for, and not before")
    func days() throws {
        let chain = try chain(leaf: "20300615120000Z")
        #expect(chain.expiryWarning(within: .days(14), at: Day.now) == nil)
        let later = Day.now.adding(seconds: 1)
        let warning = try #require(chain.expiryWarning(within: .days(14), at: later))
        #expect(warning == "CN=laptop-1.acme.test expires in 13d, at 2030-06-15T12:00:00Z: renew it")
        #expect(chain.expiryWarning(within: .days(13), at: later) == nil)
        #expect(chain.expiryWarning(within: .days(15), at: Day.now)?.contains("in 14d") == true)
        #expect(chain.expiryWarning(within: .days(0), at: Day.now) == nil)
    }

    @Test("is warned of in the last quarter of a short life, however many days are asked for")
    func shortLife() throws {
        // Twenty-four hours, from six hours ago.
        let chain = try chain(leaf: "20300602060000Z", from: "20300601060000Z")
        for days: Int64 in [1, 14, 3650] {
            #expect(chain.expiryWarning(within: .days(days), at: Day.now) == nil)
            #expect(chain.expiryWarning(within: .days(days), at: Day.now.adding(seconds: 12 * 3600)) == nil)
            let warning = chain.expiryWarning(within: .days(days), at: Day.now.adding(seconds: 12 * 3600 + 1))
            #expect(warning?.contains("expires in 5h, at 2030-06-02T06:00:00Z") == true)
        }
        // A year of which less than a half is left.
        #expect(try self.chain(leaf: "20301001000000Z").expiryWarning(within: .days(3650), at: Day.now) == nil)
    }

    @Test("is warned of by the certificate that ends first, a CA's too")
    func first() throws {
        let warning = try chain(leaf: "20300620000000Z", issuing: "20300610000000Z").expiryWarning(
            within: .days(30),
            at: Day.now
        )
        #expect(warning?.hasPrefix("CN=Corp Issuing, above CN=laptop-1.acme.test, expires in 8d") == true)
    }

    @Test("is warned of by a CA's certificate, below which one of a short life is renewed in time")
    func authority() throws {
        let chain = try chain(leaf: "20300602060000Z", from: "20300601060000Z", issuing: "20300610000000Z")
        #expect(chain.expiryWarning(within: .days(14), at: Day.now)?.contains("CN=Corp Issuing, above") == true)
    }
}

extension TimeSpan {
    fileprivate static func days(_ count: Int64) -> TimeSpan { TimeSpan(seconds: count * 86_400) }
}
