import OpenSSLBridge
import PostureModel
import ScorerTestSupport
import Testing

@testable import CloudflareAccess

@Suite("An Access token that was verified")
struct AccessVerifierTests {
    let clock = TestClock()
    let source: AccessKeysTests.Source
    let keys: AccessKeys

    init() throws {
        let source = AccessKeysTests.Source(TestTeam.keySet([try TestTeam.entry(TestTeam.keyID)]))
        self.source = source
        keys = AccessKeys(logger: LogLines().logger) { try await source.fetch() }
    }

    func verifier(_ requirements: AccessRequirements = TestTeam.requirements) -> AccessVerifier {
        let clock = clock
        return AccessVerifier(requirements: requirements, keys: keys, now: { clock.now })
    }

    @Test("is remembered, and a bad one is not")
    func remembered() async throws {
        let verifier = verifier()
        let text = try TestTeam.token()
        for _ in 0..<3 { #expect(try await verifier.grant(of: text).identity == .service(TestTeam.commonName)) }
        #expect(await verifier.memory.count == 1)
        for bad in try BadToken.all() {
            await #expect(throws: AccessToken.Refusal.self, "\(bad.name)") { try await verifier.grant(of: bad.text) }
        }
        #expect(await verifier.memory.count == 1)
    }

    @Test("is good until it expires, and from when it is, remembered or not")
    func expiry() async throws {
        let (verifier, text) = (verifier(), try TestTeam.token())
        #expect(try await verifier.grant(of: text).identity == .service(TestTeam.commonName))
        for (seconds, isGood) in [(-70, false), (-69, true), (3659, true), (3660, false)] as [(Int64, Bool)] {
            clock.set(TestClock.start.adding(seconds: seconds))
            let grant = try? await verifier.grant(of: text)
            #expect((grant != nil) == isGood, "\(seconds)")
        }
    }

    @Test("is good no longer than its key is in the key set, and not by another key under its id")
    func rotation() async throws {
        let (verifier, text) = (verifier(), try TestTeam.token(claims: ["exp": "1e12"]))
        #expect(try await verifier.grant(of: text).identity == .service(TestTeam.commonName))
        let other = TestTeam.keySet([try TestTeam.entry(TestTeam.keyID, TestTeam.strangeKey)])
        for (hours, set) in [(2, other), (4, TestTeam.keySet([try TestTeam.entry("another")]))] as [(Int64, [UInt8])] {
            await source.set(set)
            clock.set(TestClock.start.adding(seconds: hours * 3600))
            _ = await keys.key(TestTeam.keyID, at: clock.now)
            await keys.settle()
            await #expect(throws: AccessToken.Refusal.self) { try await verifier.grant(of: text) }
        }
    }

    @Test("for one role opens no other, whoever has seen it before")
    func roles() async throws {
        let text = try TestTeam.token()
        #expect(try await verifier().grant(of: text).identity == .service(TestTeam.commonName))
        let other = AccessRequirements(issuer: TestTeam.issuer, audiences: ["another"])
        await #expect(throws: AccessToken.Refusal.self) { try await verifier(other).grant(of: text) }
    }

    @Test("is one of at most 1,024 that are remembered; those that end first are forgotten first")
    func bounded() async throws {
        let memory = VerifiedTokens()
        func add(_ number: Int, until: Double) async {
            let grant = AccessGrant(identity: .person("a"), from: 0, until: until)
            let key = TestTeam.key.publicKey.jwk
            await memory.add(
                [UInt8(number >> 8), UInt8(number & 0xff)],
                .init(grant: grant, keyID: "k", key: key),
                at: clock.now
            )
        }
        let now = Double(clock.now.seconds)
        for number in 0..<5000 { await add(number, until: now + 1000 + Double(number)) }
        #expect(await memory.count <= VerifiedTokens.limit)
        #expect(await memory.token([UInt8(4999 >> 8), UInt8(4999 & 0xff)]) != nil)
        #expect(await memory.token([0, 0]) == nil)
        // What has expired makes room for all that is good.
        clock.set(clock.now.adding(seconds: 100_000))
        for number in 5000..<6100 { await add(number, until: Double(clock.now.seconds) + 1000) }
        #expect(await memory.token([UInt8(6099 >> 8), UInt8(6099 & 0xff)]) != nil)
        #expect(await memory.count <= VerifiedTokens.limit)
    }
}
