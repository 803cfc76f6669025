@_spi(Verifying) import PostureModel
import Testing

@testable import SQLiteStore
@testable import ScorerModel

@Suite("A report")
struct AcceptTests {
    let test: TestStore

    init() throws { test = try TestStore() }

    @Test("comes back as it was stored, with its verdicts and the time of its receipt")
    func roundTrip() async throws {
        try await test.register(1)
        let verdict = CheckVerdict(
            id: "corp",
            level: .proven,
            reason: "the key of CN=läptop \"1\"; DROP TABLE device; signed",
            anchor: "root",
            chain: [
                ChainLink(issuerKey: "issuing", serialNumber: "a"), ChainLink(issuerKey: "root", serialNumber: "1"),
            ],
            holdsUntil: TestStore.now.adding(seconds: 60),
            bound: ["serial_number": "PF0FAKE1"],
            warning: "expires in 3 days",
            commonName: "läptop"
        )
        let report = TestStore.report(1, nonce: 1, serial: "PF0FAKE1", warpIDs: ["w1"], checks: [verdict])
        #expect(try await test.accept(report).isAccepted)
        let stored = try await test.store.newestReport(of: TestStore.device(1))
        var standing = StoredStanding()
        (standing.hasWARPID, standing.ownsHostname) = (true, true)
        standing.proven = ["issuing:a"]
        (standing.serial, standing.serialRank, standing.serialOwner) = ("pf0fake1", .certificate, TestStore.device(1))
        #expect(stored == StoredReport(report: report, receivedAt: TestStore.now, standing: standing))
    }

    @Test(
        "with the nonce of the last one, or an older one, is stale and changes nothing",
        arguments: [10, 9, -1_000_000]
    )
    func stale(nonce: Int64) async throws {
        try await test.register(1)
        #expect(try await test.accept(TestStore.report(1, nonce: 10, serial: "PF0FAKE1", warpIDs: ["w1"])).isAccepted)
        let before = try test.dump()
        let late = TestStore.report(1, nonce: nonce, serial: "PF0FAKE2", warpIDs: ["w2"], agent: "late")
        #expect(try await test.accept(late) == .stale)
        #expect(try test.dump() == before)
    }

    @Test("with a nonce newer by a microsecond replaces the last one")
    func newer() async throws {
        try await test.register(1, 2)
        try await test.accept(TestStore.report(1, nonce: 10, agent: "first"))
        #expect(try await test.accept(TestStore.report(1, nonce: 11, agent: "second")).isAccepted)
        #expect(try await test.store.newestReport(of: TestStore.device(1))?.report.report.agent == "second")
        #expect(try await test.accept(TestStore.report(2, nonce: 10)).isAccepted, "each device has its own order")
    }

    @Test("of a device that is not known changes nothing")
    func unknownDevice() async throws {
        try await test.register(1)
        let before = try test.dump()
        let report = TestStore.report(2, nonce: 1, serial: "PF0FAKE1", warpIDs: ["w1"])
        #expect(try await test.accept(report) == .unknownDevice)
        #expect(try test.dump() == before)
    }

    @Test("fifty at once in any order end with the newest")
    func concurrency() async throws {
        try await test.register(1)
        let store = test.store
        let outcomes = try await withThrowingTaskGroup { group in
            for nonce in (1...50).shuffled() {
                group.addTask {
                    let report = TestStore.report(
                        1,
                        nonce: Int64(nonce),
                        serial: "PF0FAKE\(nonce)",
                        warpIDs: ["w\(nonce)"],
                        agent: "\(nonce)"
                    )
                    return try await store.accept(report, receivedAt: TestStore.now) { _ in [] }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.allSatisfy { $0 != .unknownDevice } && outcomes.contains(where: \.isAccepted))
        let newest = try await store.newestReport(of: TestStore.device(1))
        #expect(newest?.report.report.agent == "50")
        #expect(newest?.report.nonceIssuedAt == Timestamp(microseconds: TestStore.now.microseconds + 50))
        #expect(try await test.holder(.serial, "PF0FAKE50") == TestStore.device(1))
        #expect(try await test.holder(.warp, "w50") == TestStore.device(1))
    }

    @Test("of one nonce fifty times at once is accepted once")
    func oneNonce() async throws {
        try await test.register(1)
        let store = test.store
        let outcomes = try await withThrowingTaskGroup { group in
            for _ in 0..<50 {
                group.addTask {
                    try await store.accept(TestStore.report(1, nonce: 1), receivedAt: TestStore.now) { _ in [] }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count(where: \.isAccepted) == 1)
        #expect(outcomes.count { $0 == .stale } == 49)
    }

    @Test("is not locked out by one that a clock far ahead let in, but by one that is ahead a little")
    func clockSetBack() async throws {
        try await test.register(1)
        let (hour, microsecond): (Int64, Int64) = (3_600_000_000, 1)
        try await test.accept(TestStore.report(1, nonce: hour, agent: "ahead"))
        #expect(try await test.accept(TestStore.report(1, nonce: 0)) == .stale)
        try await test.accept(TestStore.report(1, nonce: hour + microsecond, agent: "far ahead"))
        #expect(try await test.accept(TestStore.report(1, nonce: 0, agent: "now")).isAccepted)
        #expect(try await test.store.newestReport(of: TestStore.device(1))?.report.report.agent == "now")
        #expect(try await test.accept(TestStore.report(1, nonce: 0)) == .stale)
    }

    @Test("may name any time of the years 1 to 9999")
    func farTimes() async throws {
        try await test.register(1)
        for (index, seconds) in ([-62_135_596_800, -1, 0, 253_402_300_799] as [Int64]).enumerated() {
            var report = TestStore.report(1, nonce: Int64(index + 1)).report
            report.collectedAt = Timestamp(seconds: seconds)
            let verified = VerifiedReport(
                report: report,
                checks: [],
                nonceIssuedAt: Timestamp(microseconds: TestStore.now.microseconds + Int64(index) + 1)
            )
            #expect(try await test.accept(verified).isAccepted)
            #expect(try await test.store.newestReport(of: TestStore.device(1)) != nil)
        }
    }
}
