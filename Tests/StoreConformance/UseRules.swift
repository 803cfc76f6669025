internal import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import TestSupport

extension StoreConformance {
    static let useRules = [
        Rule("a device comes with the row that gets its score, as it was written") { test in
            try await test.register(1, 2)
            try expect(try await test.record(1).use, is: nil)
            for agreeing in [[], [.ipv4], Set(AgreeingField.allCases)] as [Set<AgreeingField>] {
                let one = use(1, "row \"1\"'", .serial, .expected, agreeing)
                let earlier = try await test.record(1).use?.row
                try expect(try await test.commit(.use(one.device, one, insteadOf: earlier)), is: .committed)
                try expect(try await test.record(1).use, is: one)
            }
            try expect(try await test.record(2).use, is: nil)
            let stored = try await test.record(1)
            try await test.accept(SampleDevice.verified(1, nonce: 1))
            try expect(try await test.store.records(after: nil, limit: 9).map(\.use), is: [stored.use])
        },
        Rule("the row in use changes on condition that it is the one that was read") { test in
            try await test.register(1, 2)
            let id = SampleDevice.id(1)
            for (row, earlier, outcome) in [
                (nil, "a", .conflict), ("a", "a", .conflict), (nil, nil, .committed), ("a", nil, .committed),
                ("b", nil, .conflict), ("b", "c", .conflict), ("b", "A", .conflict), (nil, nil, .conflict),
                ("a", "a", .committed), ("b", "a", .committed), ("a", "a", .conflict), (nil, "a", .conflict),
                (nil, "b", .committed), ("a", nil, .committed),
            ] as [(String?, String?, CommitOutcome)] {
                let before = try await test.record(1).use
                let change = Change.use(id, row.map { use(1, $0) }, insteadOf: earlier)
                try expect(try await test.commit(change), is: outcome, "\(row ?? "none") for \(earlier ?? "none")")
                let expected = outcome == .committed ? row.map { use(1, $0) } : before
                try expect(try await test.record(1).use, is: expected)
            }
            let other = use(2, "a")
            try expect(try await test.commit(.use(other.device, other, insteadOf: nil)), is: .committed, "of another")
            try expect(try await test.record(1).use?.row, is: "a")
        },
        Rule("a row that is asked about again has the newest link, fields and time") { test in
            try await test.register(1)
            let first = use(1, "a", .warp, .reported, [.mac])
            try expect(try await test.commit(.use(first.device, first, insteadOf: nil)), is: .committed)
            let second = use(1, "a", .serial, .assigned, [.serial, .ipv4], second: 60)
            try expect(try await test.commit(.use(first.device, second, insteadOf: "a")), is: .committed)
            try expect(try await test.record(1).use, is: second)
            let other = use(1, "b", second: 120)
            let late = Change.use(other.device, other, insteadOf: "a", askedAt: first.askedAt)
            try expect(try await test.commit(late), is: .conflict, "it was asked about since")
            let onTime = Change.use(other.device, other, insteadOf: "a", askedAt: second.askedAt)
            try expect(try await test.commit(onTime), is: .committed)
            try expect(try await test.record(1).use, is: other)
        },
        Rule("rows are counted by their links and by what agrees, those that were asked about since a moment") { test in
            try expect(try await test.store.linkCounts(askedSince: TestedStore.now), is: LinkCounts())
            try await test.register(1, 2, 3, 4, 5, 6)
            for one in [
                use(1, "a", .warp, .reported, [.serial, .mac]), use(2, "b", .warp, .reported, [.mac], second: 1),
                use(3, "c", .warp, .carried, []), use(4, "d", .serial, .reported, [.ipv4]),
                use(5, "e", .warp, .reported, [.mac], second: -1),
            ] { try expect(try await test.commit(.use(one.device, one, insteadOf: nil)), is: .committed) }
            let counts = try await test.store.linkCounts(askedSince: TestedStore.now)
            try expect(
                counts.rows,
                is: [.init(.warp, .reported): 2, .init(.warp, .carried): 1, .init(.serial, .reported): 1]
            )
            try expect(counts.agreeing, is: [.serial: 1, .mac: 2, .ipv4: 1])
            try expect(counts.agreeingInNothing, is: 1)
        },
        Rule("devices are counted by what they say of their WARP ids, and those without a row that cannot tell") {
            test in
            try await test.register(1, 2, 3, 4, 5, 6, 7)
            let readings: [WARPReading] = [.read, .cannotTell, .cannotTell, .cannotTell, .noClient, .cannotTell]
            for (number, reading) in zip(1..., readings) {
                var record = reported(SampleDevice.verified(number, nonce: 1), by: try await test.record(number))
                record.listing.warp = reading
                record.retiredAt = number == 6 ? TestedStore.now : nil
                try expect(try await test.commit(.report(record, names: [])), is: .committed)
            }
            for one in [use(2, "a"), use(3, "b", second: -1), use(5, "c")] {
                try expect(try await test.commit(.use(one.device, one, insteadOf: nil)), is: .committed)
            }
            let counts = try await test.store.linkCounts(askedSince: TestedStore.now)
            try expect(counts.readings, is: [.read: 1, .cannotTell: 3, .noClient: 1])
            try expect(counts.cannotTellAndUnlinked, is: 2, "a row that nobody asks about any more is none")
        },
    ]

    static func use(
        _ number: Int,
        _ row: String,
        _ kind: Identifier.Kind = .warp,
        _ strength: ClaimStrength = .reported,
        _ agreeing: Set<AgreeingField> = [.ipv4],
        second: Int64 = 0
    ) -> RowUse {
        RowUse(
            device: SampleDevice.id(number),
            row: row,
            kind: kind,
            strength: strength,
            agreeing: agreeing,
            askedAt: TestedStore.now.adding(seconds: second)
        )
    }
}
