import PostureModel
import ScorerStore
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerModel

@Suite("What the store keeps besides devices")
struct KeptTests {
    let test: TestStore

    init() throws { test = try TestStore() }

    @Test("is when the scorer was not receiving")
    func outages() async throws {
        func beat(_ seconds: Int64) async throws -> [Outage] {
            try await test.store.beat(at: TestStore.now.adding(seconds: seconds), tolerance: 120)
        }
        #expect(try await beat(0) == [])
        #expect(try await beat(120) == [])
        let outage = Outage(began: TestStore.now.adding(seconds: 120), ended: TestStore.now.adding(seconds: 1000))
        #expect(try await beat(1000) == [outage])
        #expect(try await beat(1030) == [outage])
        #expect(try await beat(800) == [outage], "a clock that was set back is no outage")
        #expect(try await beat(500) == [], "nor is one that ends in the future")
        #expect(try await beat(500 + 367 * 86_400).count == 1)
    }

    @Test("is since when rules have been failing, in every report since")
    func failing() async throws {
        try await test.register(1)
        func since() async throws -> [String: Timestamp]? {
            try await test.store.newestReport(of: TestStore.device(1))?.standing.failingSince
        }
        let (now, later) = (TestStore.now, TestStore.now.adding(seconds: 60))
        try await test.accept(TestStore.report(1, nonce: 0), failing: ["never passed"])
        #expect(try await since() == ["never passed": Timestamp(seconds: 0)])
        try await test.accept(TestStore.report(1, nonce: 1), failing: ["a", "b"])
        #expect(try await since() == ["a": now, "b": now])
        try await test.accept(TestStore.report(1, nonce: 2), failing: ["b", "c"], after: 60)
        #expect(try await since() == ["b": now, "c": later])
        try await test.accept(TestStore.report(1, nonce: 3), after: 120)
        #expect(try await since() == [:])
    }

    @Test("are the devices that Cloudflare asked about and nobody knows, until somebody is known")
    func strangers() async throws {
        func stranger(_ id: String, _ seconds: Int64) -> Stranger {
            let at = TestStore.now.adding(seconds: seconds)
            return Stranger(
                warpID: id,
                serial: "s",
                hostname: "h",
                email: "e@example.test",
                ipv4: "100.96.0.10",
                reason: "unknown",
                firstAt: at,
                lastAt: at
            )
        }
        try await test.store.remember([stranger("W1", 0), stranger("w2", 1)])
        try await test.store.remember([stranger("W1", 9)])
        let found = try await test.store.strangers(limit: 10)
        #expect(found.map(\.warpID) == ["W1", "w2"])
        #expect(found.first?.firstAt == TestStore.now && found.first?.lastAt == TestStore.now.adding(seconds: 9))
        try await test.register(1)
        try await test.accept(TestStore.report(1, nonce: 1, warpIDs: ["w1"]))
        #expect(try await test.store.strangers(limit: 10).map(\.warpID) == ["w2"])
        try await test.store.remember((0..<10_001).map { stranger("x\($0)", 100) })
        #expect(try await test.store.strangers(limit: 20_000).count == 10_000)
    }

    @Test("are settings by their names")
    func settings() async throws {
        #expect(try await test.store.setting("policy") == nil)
        try await test.store.set("policy", to: "a")
        try await test.store.set("policy", to: "b")
        #expect(try await test.store.setting("policy") == "b")
        try await test.store.set("policy", to: nil)
        #expect(try await test.store.setting("policy") == nil)
    }

    @Test(
        "blocks a device by its key, its serial number or its certificate",
        arguments: ["device", "serial", "certificate"]
    )
    func blocks(kind: String) async throws {
        try await test.register(1, 2)
        let verdict = CheckVerdict(
            id: "corp",
            level: .proven,
            reason: "",
            chain: [ChainLink(issuerKey: "key", serialNumber: "0A")]
        )
        try await test.accept(TestStore.report(1, nonce: 1, serial: "PF0FAKE1", checks: [verdict]))
        try await test.accept(TestStore.report(2, nonce: 1, serial: "PF0FAKE2"))
        let value = ["device": TestStore.device(1).rawValue, "serial": "pf0fake1", "certificate": "key:0A"][kind] ?? ""
        let row = "('\(kind)', '\(value)', 'd', 'lost', 'root', 0)"
        try runTool("sqlite3", [test.path, "INSERT INTO block VALUES \(row)"])
        #expect(try await test.store.newestReport(of: TestStore.device(1))?.standing.block == "lost")
        #expect(try await test.store.newestReport(of: TestStore.device(2))?.standing.block == nil)
    }
}
