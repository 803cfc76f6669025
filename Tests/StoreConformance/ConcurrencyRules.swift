@_spi(Verifying) internal import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import TestSupport

/// What a single writer hides: each rule has two stores on the database, as two scorers have.
extension StoreConformance {
    static let concurrencyRules = [
        Rule("of forty that register at once by one certificate two do, where two may") { test in
            let outcomes = try await atOnce(40, test) { number, store in
                try await store.add(SampleDevice.registration(number), limit: 2, at: TestedStore.now)
            }
            try expect(outcomes.count { $0 }, is: 2)
            try expect(try await test.store.devices(after: nil, limit: 99, silentSince: nil).count, is: 2)
        },
        Rule("of twenty that register at once by a token of five uses five do, and one device takes one use") { test in
            try expect(try await test.commit(.addToken(token("t", uses: 5))), is: .committed)
            let outcomes = try await atOnce(20, test) { number, store in try await enrol(max(number, 4), store) }
            try expect(outcomes.count { $0 }, is: 5)
            try expect(try await test.store.tokens(limit: 9).map(\.usesLeft), is: [0])
            try expect(try await test.store.devices(after: nil, limit: 99, silentSince: nil).count, is: 5)
        },
        Rule("fifty reports of one device at once, in any order, end with the newest") { test in
            try await test.register(1)
            let accepted = try await atOnce(50, test) { number, store in
                let report = SampleDevice.verified(
                    1,
                    nonce: Int64(number),
                    serial: "PF0FAKE\(number)",
                    warpIDs: ["w\(number)"],
                    agent: "\(number)"
                )
                return try await isAccepted(report, store)
            }
            try expect(accepted.contains(true))
            let record = try await test.record(1)
            try expect(record.listing.agent, is: "50")
            try expect(record.claims.map(\.claim.identifier.value), is: ["pf0fake50", "w50"])
            try expect(try await test.store.devices(named: "pf0fake50", .serial, limit: 9).count, is: 1)
        },
        Rule("a report that comes fifty times at once is accepted once") { test in
            try await test.register(1)
            let accepted = try await atOnce(50, test) { _, store in
                try await isAccepted(SampleDevice.verified(1, nonce: 1), store)
            }
            try expect(accepted.count { $0 }, is: 1)
        },
        Rule("of forty devices that claim one identifier at once the first sixteen are remembered") { test in
            for number in 1...40 { try await test.register(number) }
            _ = try await atOnce(40, test) { number, store in
                try await store.accept(SampleDevice.verified(number, nonce: 1, serial: "PF0FAKE1"), at: TestedStore.now)
            }
            let claims = try await test.claims(.serial, "pf0fake1").claims
            try expect(claims.count, is: ClaimSet.limit)
            for number in 1...40 {
                let record = try await test.record(number)
                try expect(record.newest != nil)
                let claimed = claims.contains { $0.device == record.device }
                try expect(!record.claims(.serial).isEmpty, is: claimed, "the record and the set say the same")
            }
        },
        Rule("an identifier that operators assign to two devices at once is assigned to one") { test in
            for number in 1...8 {
                try await test.register(number)
                try await test.accept(SampleDevice.verified(number, nonce: 1, serial: "PF0FAKE1"))
            }
            _ = try await atOnce(8, test) { number, store in try await assign(number, store) }
            let claims = try await test.claims(.serial, "pf0fake1").claims
            try expect(claims.count { $0.strength == .assigned }, is: 1)
            try expect(claims.count { $0.strength == .reported }, is: 7)
        },
        Rule("a device that is deleted while identifiers are assigned to it keeps none") { test in
            for round in 1...10 {
                try await test.register(1)
                try await test.accept(SampleDevice.verified(1, nonce: 1, serial: "PF0FAKE\(round)"))
                _ = try await atOnce(2, test) { number, store in
                    if number == 1 { try await test.delete(1) } else { try await assign(1, store) }
                }
                try expect(try await test.claims(.serial, "PF0FAKE\(round)").claims, is: [])
            }
        },
        Rule("a report that the inventory confirms while it changes is confirmed by no line that is gone") { test in
            let verdict = CheckVerdict(
                id: "corp",
                level: .proven,
                key: "key",
                proves: true,
                reason: "",
                commonName: "a.test"
            )
            for round in 1...20 {
                let serial = "PF0FAKE\(round)"
                try await test.register(round)
                try expect(try await importLine(serial, "a.test", test.store), is: .committed)
                _ = try await atOnce(2, test) { number, store in
                    guard number == 1 else { return try await importLine(serial, "b.test", store) == .committed }
                    let report = SampleDevice.verified(round, nonce: 1, serial: serial, checks: [verdict])
                    try await store.accept(report, at: TestedStore.now)
                    return true
                }
                let strengths = try await test.claims(.serial, serial).claims.map(\.strength)
                try expect(strengths == [.reported] || strengths == [.proven], "\(strengths)")
            }
        },
        Rule("of twenty trusted CAs with the same certificates that come at once one is added") { test in
            let outcomes = try await atOnce(20, test) { number, store in
                let one = StoredCA(
                    id: "\(number)",
                    name: "a",
                    certificates: "PEM",
                    digest: "same",
                    addedAt: TestedStore.now
                )
                return try await store.commit([.addCA(one, limit: 9)])
            }
            try expect(outcomes.count { $0 == .committed }, is: 1)
            try expect(outcomes.count { $0 == .conflict }, is: 19)
            try expect(try await test.store.cas().count, is: 1)
        },
        Rule("of twenty trusted CAs that come at once as many are added as there may be") { test in
            let outcomes = try await atOnce(20, test) { number, store in
                let one = StoredCA(
                    id: "\(number)",
                    name: "a",
                    certificates: "PEM",
                    digest: "\(number)",
                    addedAt: TestedStore.now
                )
                return try await store.commit([.addCA(one, limit: 3)])
            }
            try expect(outcomes.count { $0 == .committed }, is: 3)
            try expect(try await test.store.cas().count, is: 3)
        },
        Rule("what is read is of one moment, while claims move") { test in
            try await test.register(1)
            let values = (1...9).compactMap { Identifier(.warp, "w\($0)") }
            try expect(values.count, is: 9)
            // The device claims one identifier or another, and never both or none.
            async let writes: Void = {
                for nonce in 1...60 {
                    let report = SampleDevice.verified(1, nonce: Int64(nonce), warpIDs: ["w\(nonce % 9 + 1)"])
                    try await test.accept(report)
                }
            }()
            let second = try await test.open()
            for _ in 1...60 {
                let snapshot = try await second.load(.init(devices: [SampleDevice.id(1)], identifiers: Set(values)))
                let record = try require(snapshot.records[SampleDevice.id(1)])
                let claimed = values.filter { snapshot.claims(to: $0).holder == record.device }
                try expect(claimed.count, is: record.newest == nil ? 0 : 1)
                try expect(record.claims(.warp).map(\.claim.identifier), is: claimed)
            }
            try await writes
        },
    ]

    /// Does something so many times at once, with one store and the other in turn.
    static func atOnce<Outcome: Sendable>(
        _ count: Int,
        _ test: TestedStore,
        _ body: @escaping @Sendable (Int, any ScorerDatabase) async throws -> Outcome
    ) async throws -> [Outcome] {
        let stores = [test.store, try await test.open()]
        return try await withThrowingTaskGroup { group in
            for number in (1...count).shuffled() { group.addTask { try await body(number, stores[number % 2]) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    private static func isAccepted(_ report: VerifiedReport, _ store: any ScorerDatabase) async throws -> Bool {
        do {
            try await store.accept(report, at: TestedStore.now)
            return true
        } catch DecisionError.stale { return false }
    }

    /// Imports a line of the inventory; what it confirmed before is only reported.
    private static func importLine(_ serial: String, _ name: String, _ store: any ScorerDatabase) async throws
        -> CommitOutcome
    {
        let identifier = try require(Identifier(.serial, serial))
        let item = InventoryItem(serial: identifier.value, certificateName: name, tag: nil)
        return try await store.decide(from: .init(identifiers: [identifier])) { snapshot in
            let change = Change.importInventory([item], replacing: false, at: TestedStore.now)
            var claims = snapshot.claims(to: identifier)
            for claim in claims.claims where claim.strength == .expected {
                claims.put(
                    Claim(identifier: identifier, device: claim.device, strength: .reported, since: claim.since)
                )
            }
            return (Commit([change, .claims(claims)]), .committed)
        }
    }

    private static func enrol(_ number: Int, _ store: any ScorerDatabase) async throws -> Bool {
        let request = Snapshot.Request(devices: [SampleDevice.id(number)], tokens: ["t"])
        return try await store.decide(from: request) { snapshot in
            guard snapshot.records.isEmpty, snapshot.tokens["t"]?.usesLeft ?? 0 > 0 else { return (nil, false) }
            let use = Change.useToken(hash: "t", at: TestedStore.now)
            return (Commit([use, .device(newRecord(number, .token(hash: "t")))]), true)
        }
    }

    /// Assigns to a device what it claims, and to no other; the device's record is written too, so that it is there still.
    private static func assign(_ number: Int, _ store: any ScorerDatabase) async throws {
        let id = SampleDevice.id(number)
        try await store.decide(from: .init(devices: [id])) { snapshot in
            guard let record = snapshot.records[id] else { return (nil, ()) }
            let claims = record.claims.map { held in
                var set = snapshot.claims(to: held.claim.identifier)
                for claim in set.claims where claim.device == id || claim.strength == .assigned {
                    let strength: ClaimStrength = claim.device == id ? .assigned : .reported
                    set.put(
                        Claim(
                            identifier: claim.identifier,
                            device: claim.device,
                            strength: strength,
                            since: TestedStore.now
                        )
                    )
                }
                return Change.claims(set)
            }
            return (Commit([.device(record)] + claims), ())
        }
    }
}
