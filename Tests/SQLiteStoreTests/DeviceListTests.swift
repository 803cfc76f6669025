import PostureModel
import ScorerStore
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerModel

@Suite("A device in a list")
struct DeviceListTests {
    let test: TestStore

    init() throws { test = try TestStore() }

    func named(_ text: String, limit: Int = 20) async throws -> [DeviceID] {
        try await test.store.devices(named: text, limit: limit).map(\.device)
    }

    @Test("has its host name, serial number and agent, and lacks what is not known")
    func summary() async throws {
        try await test.register(1, 2)
        try await test.accept(TestStore.report(1, nonce: 1, serial: "PF0FAKE1"))
        let first = DeviceSummary(
            device: TestStore.device(1),
            registeredAt: TestStore.now,
            receivedAt: TestStore.now,
            hostname: "laptop-1",
            serial: "PF0FAKE1",
            agent: "postured/test"
        )
        let second = DeviceSummary(device: TestStore.device(2), registeredAt: TestStore.now)
        #expect(try await test.store.devices(after: nil, limit: 9) == [first, second])
        #expect(try await test.store.device(TestStore.device(1)) == first)
        #expect(try await test.store.device(TestStore.device(3)) == nil)
    }

    @Test("has no serial number that is junk, and nothing that could steer a terminal")
    func junk() async throws {
        try await test.register(1)
        try await test.accept(
            TestStore.report(1, nonce: 1, serial: "To be filled by O.E.M.", agent: "postured\u{1b}[2J")
        )
        let device = try await test.store.device(TestStore.device(1))
        #expect(device?.serial == nil && device?.agent == "postured?[2J")
        #expect(try await named("To be filled by O.E.M.").isEmpty)
    }

    @Test("is meant by its id, the beginning of it, its serial number or its host name")
    func names() async throws {
        try await test.register(1, 2, 3)
        for number in 1...2 {
            try await test.accept(TestStore.report(number, nonce: 1, serial: "PF0FAKE\(number)"))
        }
        let id = TestStore.device(1)
        for text in [
            id.rawValue, String(id.rawValue.prefix(8)), " PF0FAKE1\n", "pf0fake1", "laptop-1", "LAPTOP-1",
        ] {
            #expect(try await named(text) == [id], "\(text)")
        }
        for text in ["", "laptop", "PF0", "AAE", "AAEA", String(id.rawValue.prefix(7)), "%", "_", id.rawValue + "A"] {
            #expect(try await named(text).isEmpty, "\(text)")
        }
        #expect(try await named(TestStore.device(9).rawValue).isEmpty)
    }

    @Test("is meant by its host name with its domain and without, whichever side has it, but by no other domain")
    func domains() async throws {
        let hostnames = [
            "laptop-7", "laptop-8.corp.example.com", "laptop-9.", "LAPTOP-10.Corp.Example.com", "10.0.0.5",
        ]
        try await test.register(1, 2, 3, 4, 5)
        for (number, hostname) in zip(1..., hostnames) {
            try await test.accept(TestStore.report(number, nonce: 1, hostname: hostname))
        }
        for (number, texts) in [
            (1, ["laptop-7", "Laptop-7.", "laptop-7.corp.example.com", "LAPTOP-7.CORP.example.com.", " laptop-7\n"]),
            (2, ["laptop-8", "laptop-8.", "laptop-8.corp.example.com", "Laptop-8.corp.example.com."]),
            (3, ["laptop-9", "laptop-9.", "laptop-9.a.test"]), (4, ["laptop-10", "laptop-10.corp.example.com"]),
            (5, ["10.0.0.5", "10.0.0.5."]),
        ] {
            for text in texts { #expect(try await named(text) == [TestStore.device(number)], "\(text)") }
        }
        for text in [
            "laptop-8.other.example.com", "laptop-8.corp", "corp.example.com", "10", "10.0.0.1", "10.example.com", ".",
            "..",
            ".corp.example.com", "laptop-7..corp", ".laptop-7", "laptop", "laptop-7 .corp", "2001:db8::1", "laptop-1",
        ] {
            #expect(try await named(text).isEmpty, "\(text)")
        }
    }

    @Test("is one of several that a name with a domain, or without, may mean")
    func severalDomains() async throws {
        let hostnames = ["laptop-7", "laptop-7.a.test", "laptop-7.b.test"]
        try await test.register(1, 2, 3)
        for (number, hostname) in zip(1..., hostnames) {
            try await test.accept(TestStore.report(number, nonce: 1, hostname: hostname))
        }
        #expect(try await named("laptop-7") == [1, 2, 3].map(TestStore.device))
        #expect(try await named("laptop-7.a.test") == [1, 2].map(TestStore.device))
        #expect(try await named("laptop-7.c.test") == [1].map(TestStore.device))
    }

    @Test("is one of those that are meant, where there are more")
    func ambiguous() async throws {
        try await test.register(1, 2, 3)
        for number in 1...3 {
            try await test.accept(TestStore.report(number, nonce: 1, serial: number == 3 ? "LAPTOP-1" : "PF0FAKE1"))
        }
        #expect(try await named("pf0fake1") == [1, 2].map(TestStore.device))
        #expect(try await named("pf0fake1", limit: 1).count == 1)
        #expect(try await named("laptop-1") == [1, 3].map(TestStore.device), "one's name and the other's number")
    }

    @Test("is silent if it has not reported since, or never and did not register since")
    func silent() async throws {
        try await test.register(1, 2)
        try await test.accept(TestStore.report(1, nonce: 1))
        _ = try await test.store.register(
            TestStore.registration(3),
            by: .certificate(fingerprint: "leaf", deviceLimit: 9),
            at: TestStore.now.adding(seconds: 50)
        )
        _ = try await test.store.accept(
            TestStore.report(2, nonce: 2),
            receivedAt: TestStore.now.adding(seconds: 60),
            failing: { _ in [] }
        )
        for (seconds, silent) in [(-1, []), (0, [1]), (49, [1]), (50, [1, 3]), (60, [1, 2, 3])] as [(Int64, [Int])] {
            let found = try await test.store.devices(
                after: nil,
                limit: 9,
                silentSince: TestStore.now.adding(seconds: seconds)
            )
            #expect(found.map(\.device) == silent.map(TestStore.device), "\(seconds)")
        }
    }

    @Test("is forgotten with everything about it, and can register again")
    func forgotten() async throws {
        try await test.register(1, 2)
        for number in 1...2 {
            try await test.accept(
                TestStore.report(number, nonce: 1, serial: "PF0FAKE\(number)", warpIDs: ["w\(number)"])
            )
        }
        let id = TestStore.device(1)
        #expect(try await test.store.forget(id, audit: .test()))
        #expect(try await !test.store.forget(id, audit: .test()))
        #expect(try await test.store.key(of: id) == nil)
        #expect(try await test.store.newestReport(of: id) == nil)
        #expect(try await test.holder(.warp, "w1") == nil)
        #expect(try await test.holder(.serial, "PF0FAKE1") == nil)
        #expect(try await test.holder(.warp, "w2") == TestStore.device(2))
        try await test.register(1)
        #expect(try await test.accept(TestStore.report(1, nonce: 1, serial: "PF0FAKE1")).isAccepted)
    }
}
