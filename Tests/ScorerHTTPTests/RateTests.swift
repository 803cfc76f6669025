import CurlBridge
import Logging
import PostureModel
import ScorerTestSupport
import TestSupport
import Testing
import Verification

@testable import ScorerCore
@testable import Scoring

@Suite("How often a device may report")
struct RateTests {
    let start = TestClock.start

    @Test("is told with 429 and when to come again; others, and the device after a while, are served")
    func reports() async throws {
        try await ScorerHarness.run { scorer in
            let (device, other) = (try await scorer.newDevice(), try await scorer.newDevice())
            for _ in 0..<30 { #expect(try await scorer.report(device).status == 200) }
            let before = try scorer.rows()
            let refused = try await scorer.report(device)
            #expect(refused.isProblem(.tooManyRequests))
            #expect(refused.headers["retry-after"] == "5")
            #expect(refused.headers["replay-nonce"] != nil)
            #expect(try await scorer.ownRecord(device).isProblem(.tooManyRequests))
            #expect(try scorer.rows() == before)
            #expect(try await scorer.report(other).status == 200)
            scorer.clock.advance(seconds: 5)
            #expect(try await scorer.report(device).status == 200)
            #expect(try await scorer.report(device).isProblem(.tooManyRequests))
        }
    }

    @Test("is not less because somebody else sends messages in its name")
    func others() async throws {
        try await ScorerHarness.run { scorer in
            let (device, thief) = (try await scorer.newDevice(), try TestDevice())
            let payload = try Wire.encode(device.report())
            for _ in 0..<40 {
                let nonce = try await scorer.nonce()
                let forged = try device.message(.report, payload: payload, nonce: nonce, signer: thief.key)
                #expect(try await scorer.post(.report, forged).isProblem(.badSignature))
            }
            #expect(try await scorer.report(device).status == 200)
        }
    }

    @Test("is not less because somebody else signs messages of their own with its nonce")
    func seenNonces() async throws {
        try await ScorerHarness.run { scorer in
            let (device, thief) = (try await scorer.newDevice(), try TestDevice())
            let nonce = try await scorer.nonce()
            let payload = try thief.registration(token: nil)
            let refused = try await scorer.post(
                .registration,
                thief.message(.registration, payload: payload, nonce: nonce)
            )
            #expect(refused.isProblem(.enrolmentRefused))
            let report = try device.message(.report, payload: Wire.encode(device.report()), nonce: nonce)
            #expect(try await scorer.post(.report, report).status == 200)
            #expect(try await scorer.post(.report, report).isProblem(.badNonce))
        }
    }

    @Test("it may also register, and no oftener")
    func registrations() async throws {
        try await ScorerHarness.run { scorer in
            let device = try TestDevice()
            for _ in 0..<10 { #expect(try await scorer.register(device, token: nil).isProblem(.enrolmentRefused)) }
            let refused = try await scorer.register(device, token: try await scorer.token())
            #expect(refused.isProblem(.tooManyRequests) && refused.headers["retry-after"] == "10")
            #expect(try await scorer.register(try TestDevice(), token: try await scorer.token()).status == 201)
            scorer.clock.advance(seconds: 10)
            #expect(try await scorer.register(device, token: try await scorer.token()).status == 201)
        }
    }
}

@Suite("What one device puts into the journal")
struct DeviceJournalTests {
    let log = LogLines()
    let start = TestClock.start

    func device(_ number: UInt8) throws -> DeviceID {
        try #require(DeviceID(rawValue: Base64URL.encode([UInt8](repeating: number, count: 32))))
    }

    @Test("is a few lines, and then one an hour, which says how many were left out")
    func lines() throws {
        let (journal, device) = (DeviceJournal(logger: log.logger), try device(1))
        for _ in 0..<1000 { journal.warn("it claims", of: device, at: start) }
        #expect(log.all.count == 6)
        journal.warn("another", of: try self.device(2), at: start)
        #expect(log.all.count == 7, "each has its own")
        for _ in 0..<2 { journal.warn("it claims", of: device, at: start.adding(seconds: 3600)) }
        #expect(log.all.count == 8)
        #expect(log.all.last?.contains(#""suppressed": 994"#) == true, "\(log.all.last ?? "")")
        journal.warn("it claims", of: device, at: start.adding(seconds: 7200))
        #expect(log.all.last?.contains(#""suppressed": 1"#) == true, "\(log.all.last ?? "")")
    }

    @Test("is bounded, however many devices there are")
    func devices() throws {
        let journal = DeviceJournal(logger: log.logger, capacity: 3)
        for number in 0..<100 { journal.warn("it claims", of: try device(UInt8(number)), at: start) }
        #expect(log.all.count == 3 + 6)
    }

    @Test("is bounded for what it claims of others' identifiers, report by report")
    func claims() async throws {
        try await ScorerHarness.run { scorer in
            let (owner, liar) = (try await scorer.newDevice(), try await scorer.newDevice())
            for index in 0..<20 {
                let serial = "PF0FAKE\(index)"
                #expect(try await scorer.report(owner, owner.report(serial: serial)).status == 200)
                #expect(try await scorer.report(liar, liar.report(serial: serial, hostname: "other")).status == 200)
                scorer.clock.advance(seconds: 5)
            }
            let warnings = scorer.log.all.filter { $0.hasPrefix("warning") && $0.contains(liar.id.rawValue) }
            #expect((1...6).contains(warnings.count), "\(warnings.count)")
        }
    }
}

@Suite("The nonces that were used")
struct SpentNoncesTests {
    let authority = NonceAuthority(
        audience: "https://scorer.acme.test",
        keys: [NonceKey(id: 1, secret: [UInt8](repeating: 1, count: 32), createdAt: TestClock.start)]
    )

    let device, other: DeviceID

    init() throws { (device, other) = (try TestDevice().id, try TestDevice().id) }

    func nonce(at now: Timestamp) throws -> VerifiedNonce {
        try authority.verify(#require(authority.issue(at: now)), at: now)
    }

    @Test("are good for one message while they live")
    func once() throws {
        let (spent, start) = (SpentNonces(), TestClock.start)
        let first = try nonce(at: start)
        #expect(!spent.isSpent(first, by: device) && spent.spend(first, by: device, at: start))
        #expect(spent.isSpent(first, by: device) && !spent.spend(first, by: device, at: start))
        #expect(
            !spent.isSpent(first, by: other) && spent.spend(first, by: other, at: start),
            "another device's is its own"
        )
        for second in 1...600 {
            let now = start.adding(seconds: Int64(second))
            #expect(spent.spend(try nonce(at: now), by: device, at: now))
            #expect(spent.isSpent(first, by: device), "after \(second) s")
        }
    }

    @Test("are bounded in number, the newest are kept, and the old ones are forgotten")
    func bounds() throws {
        let (spent, start) = (SpentNonces(limit: 10), TestClock.start)
        let nonces = try (0..<100).map { _ in try nonce(at: start) }
        for nonce in nonces { #expect(spent.spend(nonce, by: device, at: start)) }
        #expect(nonces.suffix(10).allSatisfy { spent.isSpent($0, by: device) })
        #expect(nonces.count { spent.isSpent($0, by: device) } <= 20)
        for seconds in [601, 1203] as [Int64] {
            #expect(spent.spend(try nonce(at: start), by: device, at: start.adding(seconds: seconds)))
        }
        #expect(!nonces.contains { spent.isSpent($0, by: device) })
    }
}
