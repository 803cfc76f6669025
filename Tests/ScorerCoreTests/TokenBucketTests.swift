import PostureModel
import ScorerTestSupport
import Testing

@testable import ScorerCore

@Suite("A token bucket for each of many")
struct TokenBucketTests {
    let start = TestClock.start

    @Test("is so many times at once, and then once in an interval")
    func bucket() {
        let buckets = TokenBuckets<String>(interval: 5, burst: 3)
        for _ in 0..<3 { #expect(buckets.take("a", at: start) == 0) }
        #expect(buckets.take("a", at: start) == 5)
        #expect(buckets.take("b", at: start) == 0, "each has its own")
        #expect(buckets.take("a", at: start.adding(seconds: 4)) == 1)
        #expect(buckets.wait(for: "a", at: start.adding(seconds: 5)) == 0)
        #expect(buckets.take("a", at: start.adding(seconds: 5)) == 0)
        #expect(buckets.take("a", at: start.adding(seconds: 5)) == 5)
        for _ in 0..<3 { #expect(buckets.take("a", at: start.adding(seconds: 100)) == 0) }
        #expect(buckets.take("a", at: start.adding(seconds: 100)) == 5, "a full one holds no more")
    }

    @Test("is not for longer than an empty bucket takes, if the clock is set back")
    func clock() {
        let buckets = TokenBuckets<String>(interval: 5, burst: 3)
        for _ in 0..<3 { #expect(buckets.take("a", at: start.adding(seconds: 1_000_000)) == 0) }
        #expect((1...5).contains(buckets.wait(for: "a", at: start)))
        #expect(buckets.take("a", at: start.adding(seconds: 10)) == 0)
    }

    @Test("is remembered of as many as there is room for, and of none that waits for nothing")
    func room() {
        let buckets = TokenBuckets<Int>(interval: 5, burst: 1, capacity: 10)
        for key in 0..<10 { #expect(buckets.take(key, at: start) == 0) }
        #expect(!buckets.hasRoom(for: 11, at: start) && buckets.hasRoom(for: 3, at: start))
        for _ in 0..<2 { #expect(buckets.take(11, at: start) == 0) }
        #expect(buckets.count == 10)
        #expect(buckets.take(3, at: start) == 5)
        #expect(buckets.hasRoom(for: 11, at: start.adding(seconds: 5)))
        #expect(buckets.take(11, at: start.adding(seconds: 5)) == 0)
        #expect(buckets.take(11, at: start.adding(seconds: 5)) == 5)
        #expect(buckets.count == 1)
    }

    @Test("is looked through for room once a second, however many ask")
    func sweeps() {
        let buckets = TokenBuckets<Int>(interval: 5, burst: 1, capacity: 10)
        for key in 0..<10 { #expect(buckets.take(key, at: start) == 0) }
        let almost = Timestamp(microseconds: start.microseconds + 4_999_999)
        #expect(!buckets.hasRoom(for: 11, at: almost))
        #expect(!buckets.hasRoom(for: 11, at: start.adding(seconds: 5)), "it was looked just now")
        #expect(buckets.hasRoom(for: 11, at: start.adding(seconds: 6)))
    }
}
