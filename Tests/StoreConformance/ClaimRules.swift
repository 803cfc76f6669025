internal import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import TestSupport

extension StoreConformance {
    static let claimRules = [
        Rule("an identifier that is not claimed is an empty set, of version 0") { test in
            let identifier = try require(Identifier(.serial, "pf0fake1"))
            let claims = try await test.store.load(.init(identifiers: [identifier])).claims
            try expect(claims, is: [identifier: ClaimSet(identifier)])
            try expect(claims[identifier]?.version, is: 0)
        },
        Rule("claims come back as they were written, the strongest first") { test in
            let set = try claimed("pf0fake1", [(1, .reported), (2, .carried), (3, .proven), (4, .expected)])
            try expect(try await test.commit(.claims(set)), is: .committed)
            let stored = try await test.claims(.serial, "PF0FAKE1")
            try expect(stored.claims, is: set.claims)
            try expect(stored.claims.map(\.device), is: [2, 4, 3, 1].map(SampleDevice.id))
            try expect(try await test.holder(.warp, "pf0fake1"), is: nil, "each is of its kind")
            try expect(try await test.holder(.key, "pf0fake1"), is: nil)
        },
        Rule("all claims to an identifier are written on their version") { test in
            let first = try claimed("pf0fake1", [(1, .reported), (2, .reported)])
            try expect(try await test.commit(.claims(first)), is: .committed)
            try expect(try await test.commit(.claims(first)), is: .conflict, "there are some by now")
            let read = try await test.claims(.serial, "pf0fake1")
            var second = read
            second.remove(SampleDevice.id(1))
            second.put(claim("pf0fake1", 2, .assigned))
            second.put(claim("pf0fake1", 3, .reported))
            try expect(try await test.commit(.claims(second)), is: .committed)
            try expect(try await test.claims(.serial, "pf0fake1").claims, is: second.claims)
            try expect(try await test.commit(.claims(read)), is: .conflict, "they have moved")
            var third = try await test.claims(.serial, "pf0fake1")
            for number in 2...3 { third.remove(SampleDevice.id(number)) }
            try expect(try await test.commit(.claims(third)), is: .committed)
            try expect(try await test.claims(.serial, "pf0fake1"), is: ClaimSet(third.identifier))
            try expect(try await test.commit(.claims(second)), is: .conflict, "they are gone")
        },
        Rule("any difference of a claim moves the version: its device, its strength, its time") { test in
            let later = Timestamp(microseconds: TestedStore.now.microseconds + 1)
            var versions: Set<Int64> = []
            for change in [
                claim("pf0fake1", 1, .reported), claim("pf0fake1", 1, .carried), claim("pf0fake1", 1, .expected),
                claim("pf0fake1", 1, .expected, later), claim("pf0fake1", 2, .expected, later),
            ] {
                var set = try await test.claims(.serial, "pf0fake1")
                for claim in set.claims { set.remove(claim.device) }
                set.put(change)
                try expect(try await test.commit(.claims(set)), is: .committed)
                versions.insert(try await test.claims(.serial, "pf0fake1").version)
            }
            try expect(versions.count, is: 5)
            try expect(!versions.contains(0))
        },
        Rule("a device comes with all that it claims, with who holds it, and with their sets") { test in
            try await test.register(1, 2)
            try await test.accept(SampleDevice.verified(1, nonce: 1, serial: "PF0FAKE1", warpIDs: ["w1"]))
            try await test.accept(SampleDevice.verified(2, nonce: 1, serial: "PF0FAKE1", warpIDs: ["w2"]))
            let snapshot = try await test.store.load(.init(devices: [SampleDevice.id(2)]))
            try expect(snapshot.records.count, is: 1)
            let claims = try require(snapshot.records[SampleDevice.id(2)]).claims
            try expect(claims.map(\.claim.identifier.value), is: ["pf0fake1", "w2"])
            try expect(claims.map(\.isHeld), is: [false, true])
            try expect(claims[0].holder, is: SampleDevice.id(1))
            try expect(Set(snapshot.claims.keys), is: Set(claims.map(\.claim.identifier)))
            try expect(snapshot.claims[claims[0].claim.identifier]?.claims.count, is: 2)
        },
        Rule("a claim comes with those of others, the strongest first, and the times of their newest reports") { test in
            try await test.register(1, 2, 3)
            try await test.accept(SampleDevice.verified(1, nonce: 1), after: 5)
            try await test.accept(SampleDevice.verified(2, nonce: 1), after: 7)
            let set = try claimed("pf0fake1", [(1, .reported), (2, .proven), (3, .assigned), (4, .reported)])
            try expect(try await test.commit(.claims(set)), is: .committed)
            func rivals(of number: Int) async throws -> [DeviceRecord.Rival] {
                try await test.record(number).claims.flatMap(\.rivals)
            }
            let times: [Int: Timestamp] = [
                1: TestedStore.now.adding(seconds: 5), 2: TestedStore.now.adding(seconds: 7),
            ]
            for (number, others) in [(1, [3, 2, 4]), (2, [3, 1, 4]), (3, [2, 1, 4])] {
                let expected = try others.map { other in
                    DeviceRecord.Rival(
                        claim: try require(set.claim(of: SampleDevice.id(other))),
                        lastReport: times[other]
                    )
                }
                try expect(try await rivals(of: number), is: expected, "\(number)")
            }
            let byID = Dictionary(times.map { (SampleDevice.id($0.key), $0.value) }) { first, _ in first }
            try expect(try await test.claims(.serial, "pf0fake1").lastReports, is: byID)
            try expect(try await test.store.conflicts(limit: 9).map(\.lastReports), is: [byID])
            let page = try await test.store.records(after: nil, limit: 9)
            try expect(page.map(\.claims), is: [try await test.record(1).claims, try await test.record(2).claims])
        },
        Rule("identifiers come with the records of so many claimants, the strongest, and not with those of others") {
            test in
            try await test.register(1, 2, 3, 4, 5)
            let set = try claimed("pf0fake1", [(1, .reported), (2, .carried), (3, .proven), (4, .reported)])
            let other = try claimed("pf0fake2", [(1, .reported), (2, .carried), (5, .assigned)])
            try expect(try await test.commit(.claims(set), .claims(other)), is: .committed)
            for (claimants, numbers) in [(0, []), (1, [2]), (2, [2, 3]), (3, [2, 3, 1]), (9, [2, 3, 1, 4])]
                as [(Int, [Int])]
            {
                let snapshot = try await test.store.load(.init(identifiers: [set.identifier], claimants: claimants))
                try expect(Set(snapshot.records.keys), is: Set(numbers.map(SampleDevice.id)), "\(claimants)")
            }
            let both = try await test.store.load(
                .init(devices: [SampleDevice.id(4)], identifiers: [set.identifier], claimants: 1)
            )
            try expect(Set(both.records.keys), is: [SampleDevice.id(2), SampleDevice.id(4)])
        },
        Rule("two thousand identifiers are looked up at once") { test in
            let numbers = 1...20
            for number in numbers {
                try await test.register(number)
                try await test.accept(
                    SampleDevice.verified(number, nonce: 1, serial: "PF0FAKE\(number)", warpIDs: ["WARP-\(number)"])
                )
            }
            let asked = (1...1000).flatMap { [Identifier(.warp, "warp-\($0)"), Identifier(.serial, " pf0fake\($0) ")] }
            let snapshot = try await test.store.load(.init(identifiers: Set(asked.compactMap { $0 }), claimants: 4))
            try expect(asked.count { $0.map { snapshot.claims(to: $0).holder != nil } == true }, is: 40)
            try expect(snapshot.records.count, is: 20)
            for number in numbers {
                for identifier in [Identifier(.warp, "warp-\(number)"), Identifier(.serial, "PF0FAKE\(number)")] {
                    try expect(snapshot.claims(to: try require(identifier)).holder, is: SampleDevice.id(number))
                }
            }
        },
        Rule("serial numbers come with the inventory's lines, and devices with that of theirs") { test in
            let items = ["pf0fake1", "pf0fake2", "pf0fake3"].map {
                InventoryItem(serial: $0, certificateName: "\($0).example.test", tag: "sales", warpID: "w-\($0)")
            }
            let change = Change.importInventory(items, replacing: false, at: TestedStore.now)
            try expect(try await test.commit(change), is: .committed)
            try await test.register(1)
            try await test.accept(SampleDevice.verified(1, nonce: 1, serial: "PF0FAKE1"))
            let asked = try require(Identifier(.serial, "pf0fake2"))
            let other = try require(Identifier(.warp, "pf0fake3"))
            let snapshot = try await test.store.load(.init(devices: [SampleDevice.id(1)], identifiers: [asked, other]))
            try expect(snapshot.inventory, is: ["pf0fake1": items[0], "pf0fake2": items[1]])
            try expect(snapshot.records[SampleDevice.id(1)]?.inventory, is: items[0])
            try expect(try await test.store.records(after: nil, limit: 9).first?.inventory, is: items[0])
        },
        Rule("identifiers that several devices claim are listed, in their order, and counted") { test in
            try expect(try await test.store.conflictCounts(), is: [:])
            for (value, numbers) in [("pf0fake2", [3, 1]), ("pf0fake1", [2]), ("pf0fake0", [1, 2])] {
                let set = try claimed(value, numbers.map { ($0, .reported) })
                try expect(try await test.commit(.claims(set)), is: .committed)
            }
            let key = Identifier.key("key")
            let holders = (1...3).map {
                Claim(identifier: key, device: SampleDevice.id($0), strength: .proven, since: TestedStore.now)
            }
            try expect(try await test.commit(.claims(ClaimSet(key, claims: holders))), is: .committed)
            try expect(try await test.store.conflictCounts(), is: [.key: 1, .serial: 2])
            try expect(try await test.store.conflicts(limit: 1).map(\.identifier), is: [key])
            var set = try await test.store.load(.init(identifiers: [key])).claims(to: key)
            for number in 2...3 { set.remove(SampleDevice.id(number)) }
            try expect(try await test.commit(.claims(set)), is: .committed)
            try expect(try await test.store.conflictCounts(), is: [.serial: 2], "one claim is left")
            let conflicts = try await test.store.conflicts(limit: 9)
            try expect(conflicts.map(\.identifier.value), is: ["pf0fake0", "pf0fake2"])
            try expect(conflicts.last?.claims.map(\.device), is: [1, 3].map(SampleDevice.id))
            try expect(try await test.store.conflicts(limit: 1), is: Array(conflicts.prefix(1)))
            var alone = try await test.claims(.serial, "pf0fake1")
            alone.put(claim("pf0fake1", 1, .assigned))
            try expect(try await test.commit(.claims(alone)), is: .committed)
            try expect(try await test.store.conflicts(limit: 9).count, is: 3, "one more was added to the only one")
        },
    ]

    static func claim(
        _ value: String,
        _ number: Int,
        _ strength: ClaimStrength,
        _ since: Timestamp = TestedStore.now
    ) -> Claim {
        Claim(
            identifier: Identifier(stored: .serial, value),
            device: SampleDevice.id(number),
            strength: strength,
            since: since
        )
    }

    static func claimed(_ value: String, _ claims: [(Int, ClaimStrength)]) throws -> ClaimSet {
        ClaimSet(try require(Identifier(.serial, value)), claims: claims.map { claim(value, $0, $1) })
    }
}
