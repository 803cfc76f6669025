import PostureModel
import TestSupport
import Testing
import Verification

@Suite("A certificate is within its validity")
struct CertificateValidityTests {
    /// A chain in which one certificate is valid for five seconds only.
    private enum Place: CaseIterable { case leaf, intermediate, anchor }

    private func judge(_ brief: Place, at time: Timestamp) throws -> CertificateJudgement {
        func limit(_ place: Place) -> (inout Draft) -> Void {
            { draft in
                guard place == brief else { return }
                draft.notBefore = "20300601120000Z"
                draft.notAfter = "20300601120005Z"
            }
        }
        let root = try Issued.root("Corp Root", change: limit(.anchor))
        let issuing = try root.ca("Corp Issuing", change: limit(.intermediate))
        return try judged(issuing.leaf(change: limit(.leaf)), trusted: [root], intermediates: [issuing], at: time)
    }

    @Test("in its first second and in its last one, wherever it stands (RFC 5280 §4.1.2.5)", arguments: Place.allCases)
    private func inside(place: Place) throws {
        for seconds in [0, 1, 5] as [Int64] {
            let chain = try judge(place, at: Day.now.adding(seconds: seconds)).chain()
            #expect(chain?.holdsUntil == Day.now.adding(seconds: 5))
        }
    }

    @Test("and not in the second before or after", arguments: Place.allCases)
    private func outside(place: Place) throws {
        try judge(place, at: Day.now.adding(seconds: -1)).expect(.notYetValid, "only from 2030-06-01T12:00:00Z")
        try judge(place, at: Day.now.adding(seconds: 6)).expect(.expired, "expired at 2030-06-01T12:00:05Z")
    }

    @Test("by the fraction of a second too")
    func fractions() throws {
        let last = Timestamp(microseconds: Day.now.adding(seconds: 5).microseconds + 999_999)
        #expect(try judge(.leaf, at: last).chain() != nil)
        let before = Timestamp(microseconds: Day.now.microseconds - 1)
        try judge(.leaf, at: before).expect(.notYetValid)
    }

    @Test("for ever, where it ends in the year 9999")
    func endless() throws {
        func endless(_ draft: inout Draft) { draft.notAfter = "99991231235959Z" }
        let root = try Issued.root("Corp Root", change: endless)
        let time = Timestamp(seconds: 253_402_300_799)
        #expect(try judged(root.leaf("a.test", change: endless), trusted: [root], at: time).chain()?.holdsUntil == time)
        try judged(root.leaf("a.test", change: endless), trusted: [root], at: time.adding(seconds: 1)).expect(.expired)
    }

    @Test(
        "by none that is written as no time",
        arguments: ["20301301000000Z", "20300631000000Z", "30010100Z", "garbage"]
    )
    func malformed(time: String) throws {
        let root = try Issued.root("Corp Root")
        try judged(root.leaf { $0.notAfter = time }, trusted: [root]).expect(
            .malformed,
            "CN=laptop-1.acme.test",
            "no time"
        )
        let issuing = try root.ca("Corp Issuing") { $0.notAfter = time }
        try judged(issuing.leaf(), trusted: [root], carried: [issuing]).expect(.malformed, "CN=Corp Issuing", "no time")
    }
}
