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
        #expect(chain.expiryWarning(days: 14, at: Day.now) == nil)
        let later = Day.now.adding(seconds: 1)
        let warning = try #require(chain.expiryWarning(days: 14, at: later))
        #expect(warning == "CN=laptop-1.acme.test expires in 13 days, at 2030-06-15T12:00:00Z: renew it")
        #expect(chain.expiryWarning(days: 13, at: later) == nil)
        #expect(chain.expiryWarning(days: 15, at: Day.now)?.contains("in 14 days") == true)
        #expect(chain.expiryWarning(days: 0, at: Day.now) == nil)
    }

    @Test("is warned of in the last quarter of a short life, however many days are asked for")
    func shortLife() throws {
        // Twenty-four hours, from six hours ago.
        let chain = try chain(leaf: "20300602060000Z", from: "20300601060000Z")
        for days in [1, 14, 3650] {
            #expect(chain.expiryWarning(days: days, at: Day.now) == nil)
            #expect(chain.expiryWarning(days: days, at: Day.now.adding(seconds: 12 * 3600)) == nil)
            let warning = chain.expiryWarning(days: days, at: Day.now.adding(seconds: 12 * 3600 + 1))
            #expect(warning?.contains("expires in 5 hours, at 2030-06-02T06:00:00Z") == true)
        }
        // A year of which less than a half is left.
        #expect(try self.chain(leaf: "20301001000000Z").expiryWarning(days: 3650, at: Day.now) == nil)
    }

    @Test("is said to end in days, hours below two days, and minutes below two hours")
    func words() {
        let validity = Validity(start: Day.start, end: Day.now)
        for (seconds, words) in [
            (30 * 86_400, "30 days"), (172_800, "2 days"), (172_799, "47 hours"), (86_400, "24 hours"),
            (7200, "2 hours"),
            (7199, "119 minutes"), (120, "2 minutes"), (119, "1 minute"), (59, "less than a minute"),
            (0, "less than a minute"), (-1, "no time"),
        ] as [(Int64, String)] {
            #expect(validity.timeLeft(at: Day.now.adding(seconds: -seconds)) == words)
        }
    }

    @Test("is warned of by the certificate that ends first, a CA's too")
    func first() throws {
        let warning = try chain(leaf: "20300620000000Z", issuing: "20300610000000Z").expiryWarning(
            days: 30,
            at: Day.now
        )
        #expect(warning?.hasPrefix("CN=Corp Issuing, above CN=laptop-1.acme.test, expires in 8 days") == true)
    }

    @Test("is warned of by a CA's certificate, below which one of a short life is renewed in time")
    func authority() throws {
        let chain = try chain(leaf: "20300602060000Z", from: "20300601060000Z", issuing: "20300610000000Z")
        #expect(chain.expiryWarning(days: 14, at: Day.now)?.contains("CN=Corp Issuing, above") == true)
    }
}
