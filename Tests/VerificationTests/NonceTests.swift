import OpenSSLBridge
import PostureModel
import Testing
import Verification

@Suite("A nonce")
struct NonceTests {
    let audience = "https://scorer.acme.test"
    let key = NonceKey(id: 7, secret: [UInt8](repeating: 7, count: 32), createdAt: Day.start)
    var authority: NonceAuthority { NonceAuthority(audience: audience, keys: [key]) }

    private func refused(
        _ text: String,
        by authority: NonceAuthority? = nil,
        at time: Timestamp = Day.now,
        _ words: String = "not one of this scorer's"
    ) {
        let problem = #expect(throws: Problem.self) { try (authority ?? self.authority).verify(text, at: time) }
        #expect(problem?.isOf(.badNonce) == true)
        #expect(problem?.detail?.contains(words) == true, "\(String(describing: problem))")
    }

    @Test("is known again by the scorer that issued it, with its time to the microsecond")
    func known() throws {
        for time in [
            Day.now, Timestamp(microseconds: 1), Timestamp(microseconds: -5), Timestamp(microseconds: 1 << 60),
        ] {
            let nonce = try #require(authority.issue(at: time))
            #expect(nonce.utf8.count == 50)
            #expect(try authority.verify(nonce, at: time).issuedAt == time)
        }
    }

    @Test("is never the same twice")
    func unique() {
        #expect(Set((0..<100).map { _ in authority.issue(at: Day.now) }).count == 100)
    }

    @Test("lives 300 seconds")
    func lifetime() throws {
        let nonce = try #require(authority.issue(at: Day.now))
        #expect(try authority.verify(nonce, at: Day.now.adding(seconds: 300)).issuedAt == Day.now)
        refused(nonce, at: Day.now.adding(seconds: 301), "301s old, older than 300s")
        refused(nonce, at: Day.now.adding(seconds: 7 * 86_400), "604800s old")
        refused(nonce, at: Timestamp(microseconds: .max), "older than 300s")
    }

    @Test("may be from a clock a little ahead, and not from the future")
    func future() throws {
        let nonce = try #require(authority.issue(at: Day.now))
        #expect(try authority.verify(nonce, at: Day.now.adding(seconds: -300)).issuedAt == Day.now)
        refused(nonce, at: Day.now.adding(seconds: -301), "from the future")
        refused(nonce, at: Timestamp(microseconds: .min), "from the future")
    }

    @Test("is none of another audience")
    func otherAudience() throws {
        for other in ["https://scorer.acme.test/", "https://scorer.acme.tes", "https://other.acme.test", ""] {
            let nonce = try #require(NonceAuthority(audience: other, keys: [key]).issue(at: Day.now))
            refused(nonce)
        }
    }

    @Test("is none of another key, of the same number or not")
    func otherKey() throws {
        for id in [7, 8] as [UInt8] {
            let other = NonceKey(id: id, secret: [UInt8](repeating: 8, count: 32), createdAt: Day.start)
            let nonce = try #require(NonceAuthority(audience: audience, keys: [other]).issue(at: Day.now))
            refused(nonce)
        }
    }

    @Test("is none with any bit of it flipped")
    func flipped() throws {
        let nonce = try #require(authority.issue(at: Day.now))
        let bytes = try #require(Base64URL.decode(nonce))
        #expect(bytes.count == 37)
        for bit in 0..<(37 * 8) {
            var changed = bytes
            changed[bit / 8] ^= 1 << (bit % 8)
            refused(Base64URL.encode(changed))
        }
    }

    @Test("is none where it is garbage, empty, longer, shorter, or written another way")
    func garbage() throws {
        let nonce = try #require(authority.issue(at: Day.now))
        let others = [
            "", " ", "garbage", nonce + "A", String(nonce.dropLast()), nonce + "==", " " + nonce, nonce + "\n",
            "AAAA" + nonce, String(repeating: "A", count: 50), String(repeating: "A", count: 100_000), "ü", "\0",
        ]
        for other in others { refused(other) }
    }

    @Test("outlives the key that follows, and not its own key")
    func rotation() throws {
        let next = NonceKey(id: 8, secret: [UInt8](repeating: 8, count: 32), createdAt: Day.now)
        let old = try #require(authority.issue(at: Day.now))
        for keys in [[key, next], [next, key]] {
            let both = NonceAuthority(audience: audience, keys: keys)
            #expect(try both.verify(old, at: Day.now).issuedAt == Day.now)
            let new = try #require(both.issue(at: Day.now))
            #expect(Base64URL.decode(new)?.first == 8, "the newest key signs")
            #expect(try both.verify(new, at: Day.now).issuedAt == Day.now)
            refused(new)
        }
        refused(old, by: NonceAuthority(audience: audience, keys: [next]))
    }

    @Test("is not there without a key")
    func noKey() throws {
        let none = NonceAuthority(audience: audience, keys: [])
        #expect(none.issue(at: Day.now) == nil)
        refused(try #require(authority.issue(at: Day.now)), by: none)
    }
}
