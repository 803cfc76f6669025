internal import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import TestSupport

extension StoreConformance {
    static let serviceRules = [
        Rule("an outage is a gap between beats, whichever scorer they are of") { test in
            let second = try await test.open()
            func beat(_ seconds: Int64, _ store: any ScorerDatabase) async throws -> [Outage] {
                try await store.beat(at: TestedStore.now.adding(seconds: seconds), tolerance: 120)
            }
            try expect(try await test.store.lastBeat(), is: nil)
            try expect(try await test.store.outages(), is: [])
            try expect(try await beat(0, test.store), is: [])
            try expect(try await beat(120, second), is: [])
            try expect(try await test.store.lastBeat(), is: TestedStore.now.adding(seconds: 120))
            let outage = Outage(
                began: TestedStore.now.adding(seconds: 120),
                ended: TestedStore.now.adding(seconds: 1000)
            )
            try expect(try await beat(1000, test.store), is: [outage])
            try expect(try await second.outages(), is: [outage])
            try expect(try await beat(1030, second), is: [outage])
            try expect(try await beat(800, test.store), is: [outage], "a clock that was set back is no outage")
            try expect(try await beat(500, test.store), is: [], "nor is one that ends in the future")
            let year = try await beat(500 + 367 * 86_400, test.store)
            try expect(year.map(\.began), is: [TestedStore.now.adding(seconds: 500)])
            try expect(try await beat(500 + 2 * 367 * 86_400, test.store).count, is: 1, "of the last year")
        },
        Rule("nonce keys come newest first, whatever their numbers") { test in
            let keys = [key(0, secret: 2, age: 0), key(255, secret: 1, age: 10), key(254, secret: 3, age: 20)]
            for key in [keys[1], keys[0], keys[2]] {
                try await test.store.add(key, deletingBefore: Timestamp(seconds: 0))
            }
            try expect(try await test.store.nonceKeys(), is: keys)
        },
        Rule("a nonce key of a number that is taken leaves the first as it is") { test in
            for secret in [1, 2] as [UInt8] {
                try await test.store.add(key(1, secret: secret), deletingBefore: Timestamp(seconds: 0))
            }
            try expect(try await test.store.nonceKeys(), is: [key(1, secret: 1)])
        },
        Rule("a nonce key is deleted when it is older than asked for, and its number is free again") { test in
            try await test.store.add(key(1, secret: 1, age: 61), deletingBefore: Timestamp(seconds: 0))
            try await test.store.add(key(2, secret: 2, age: 60), deletingBefore: Timestamp(seconds: 0))
            try await test.store.add(key(1, secret: 3), deletingBefore: TestedStore.now.adding(seconds: -60))
            try expect(try await test.store.nonceKeys(), is: [key(1, secret: 3), key(2, secret: 2, age: 60)])
        },
        Rule("rows that matched no device are remembered, newest first, until their last question matches one") {
            test in
            func listed() async throws -> [String] { try await test.store.unmatched(limit: 9).map(\.warpID) }
            try await test.store.remember([row("W1", 0), row("w2", 1)], matched: [])
            try await test.store.remember([row("W1", 9, email: "new@example.test")], matched: [])
            var first = row("W1", 9, email: "new@example.test")
            first.firstAt = TestedStore.now
            try expect(try await test.store.unmatched(limit: 9), is: [first, row("w2", 1)])
            try expect(try await test.store.unmatched(limit: 1), is: [first])
            try await test.register(1)
            try await test.accept(SampleDevice.verified(1, nonce: 1, warpIDs: ["w1"]))
            try expect(try await listed(), is: ["W1", "w2"], "a claim alone does not match the row")
            try await test.store.remember([row("w3", 10)], matched: ["w1", "w9"])
            try expect(try await listed(), is: ["w3", "w2"], "in whatever case")
            try await test.store.remember([], matched: ["W2"])
            try expect(try await listed(), is: ["w3"])
            try await test.store.remember([row("w1", 20)], matched: [])
            let again = try await test.store.unmatched(limit: 1)
            try expect(again.map(\.firstAt), is: [TestedStore.now.adding(seconds: 20)], "it begins anew")
            try await test.store.remember([row("w1", 21)], matched: ["w1"])
            try expect(try await listed(), is: ["w1", "w3"], "one of its two rows did not match")
            try await test.store.remember([], matched: [])
        },
        Rule("of the rows that matched no device the newest ten thousand are kept") { test in
            try await test.store.remember([row("old", 0)], matched: [])
            try await test.store.remember((1...10_000).map { row("x\($0)", Int64($0)) }, matched: [])
            let rows = try await test.store.unmatched(limit: 20_000)
            try expect(rows.count, is: 10_000)
            try expect([rows.first?.warpID, rows.last?.warpID], is: ["x10000", "x1"])
        },
        Rule("a setting is kept under its name until it is another, or is forgotten") { test in
            try expect(try await test.store.value(of: .policy), is: nil)
            for text in ["first", "second \"ä\"\n"] {
                try expect(try await test.commit(try Setting.policy.change(to: text)), is: .committed)
                try expect(try await test.store.value(of: .policy), is: text)
            }
            let pending = PendingChange(
                subject: .policy,
                digest: "d",
                impact: Impact(passing: 9, failing: 5),
                since: TestedStore.now
            )
            try expect(try await test.commit(try Setting.pending(.policy).change(to: pending)), is: .committed)
            try expect(try await test.store.value(of: .pending(.policy)), is: pending)
            try expect(try await test.store.value(of: .approved(.policy)), is: nil)
            for _ in 1...2 { try expect(try await test.commit(try Setting.policy.change(to: nil)), is: .committed) }
            try expect(try await test.store.value(of: .policy), is: nil)
        },
        Rule("a setting that this version cannot read is an error, and not none") { test in
            try expect(try await test.commit(.setting(name: Setting.pending(.policy).name, text: "{}")), is: .committed)
            var failed = false
            do { _ = try await test.store.value(of: .pending(.policy)) } catch { failed = true }
            try expect(failed)
        },
    ]

    private static func key(_ id: UInt8, secret: UInt8, age: Int64 = 0) -> NonceKey {
        NonceKey(
            id: id,
            secret: [UInt8](repeating: secret, count: 32),
            createdAt: TestedStore.now.adding(seconds: -age)
        )
    }

    private static func row(_ id: String, _ seconds: Int64, email: String = "e@example.test") -> UnmatchedDevice {
        let at = TestedStore.now.adding(seconds: seconds)
        return UnmatchedDevice(
            warpID: id,
            serial: "s",
            hostname: "h",
            email: email,
            ipv4: "100.96.0.10",
            reason: "unknown",
            firstAt: at,
            lastAt: at
        )
    }
}
