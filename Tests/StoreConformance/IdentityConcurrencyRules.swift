internal import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import TestSupport

/// What happens to an identity at two scorers at once.
extension StoreConformance {
    static let identityConcurrencyRules = [
        Rule("of twenty rows that are to get a device's score at once exactly one does") { test in
            try await test.register(1)
            for _ in 1...3 {
                let earlier = try await test.record(1).use?.row
                let outcomes = try await atOnce(20, test) { number, store in
                    let one = use(1, "row \(number) after \(earlier ?? "none")")
                    return try await store.commit([.use(one.device, one, insteadOf: earlier)])
                }
                try expect(outcomes.count { $0 == .committed }, is: 1)
                try expect(outcomes.count { $0 == .conflict }, is: 19)
                try expect(try await test.record(1).use != nil)
            }
        },
        Rule("of twenty keys that are to replace a device's at once exactly one does") { test in
            try await test.register(1)
            let stored = try await test.record(1)
            let outcomes = try await atOnce(20, test) { number, store in
                var record = stored
                record.replacedKeys = [record.key]
                (record.key, record.keyThumbprint) = (SampleDevice.key(number + 1), "\(number + 1)")
                return try await store.commit([.device(record)])
            }
            try expect(outcomes.count { $0 == .committed }, is: 1)
            let record = try await test.record(1)
            let number = try require(Int(record.keyThumbprint))
            let keys = [SampleDevice.key(number), SampleDevice.key(1)]
            try expect(try await test.store.keys(of: record.device), is: keys)
        },
        Rule("a key that is replaced while its device reports is replaced, and the report is stored") { test in
            try await test.register(1)
            _ = try await atOnce(20, test) { number, store in
                guard number == 7 else {
                    try? await store.accept(SampleDevice.verified(1, nonce: Int64(number)), at: TestedStore.now)
                    return
                }
                try await store.decide(from: .init(devices: [SampleDevice.id(1)])) { snapshot in
                    var record = try require(snapshot.records[SampleDevice.id(1)])
                    record.replacedKeys.append(record.key)
                    (record.key, record.keyThumbprint) = (SampleDevice.key(2), "2")
                    return (Commit([.device(record)]), ())
                }
            }
            let record = try await test.record(1)
            try expect(record.keyThumbprint, is: "2")
            try expect(record.newest != nil)
        },
        Rule("of lists of revoked certificates that come at once the newest is kept") { test in
            for round in 0..<5 as Range<Int64> {
                let kept = try await atOnce(20, test) { number, store in
                    (number, try await store.keep(crl("a", round * 20 + Int64(number))))
                }
                let newest = crl("a", round * 20 + 20)
                try expect(try await test.store.crls(), is: [newest])
                for (number, list) in kept {
                    let own = TestedStore.now.adding(seconds: round * 20 + Int64(number))
                    try expect(list.thisUpdate >= own, "nobody is told an older one")
                }
            }
        },
        Rule("of imports at once that replace the inventory none deletes a line that it did not read") { test in
            _ = try await atOnce(8, test) { number, store in
                // Each adds a line of its own to those that it reads.
                for attempt in 0... {
                    let version = try await store.inventoryVersion()
                    let lines = try await store.inventory(after: nil, limit: 99) + [item("pf\(number)")]
                    let outcome = try await store.commit([
                        .requireInventory(version: version),
                        .importInventory(lines, replacing: true, at: TestedStore.now),
                    ])
                    if outcome == .committed { break }
                    try expect(attempt < 100)
                    try await Task.sleep(for: .milliseconds(Int.random(in: 0...20)))
                }
            }
            let serials = try await test.store.inventory(after: nil, limit: 99).map(\.serial)
            try expect(serials, is: (1...8).map { "pf\($0)" })
        },
        Rule("a device that gets a tag by a line while an import drops it does not keep it") { test in
            for round in 1...20 {
                try await test.register(round)
                let (id, serial) = (SampleDevice.id(round), "pf\(round)")
                try expect(try await importing([item(serial, tag: "it")], test), is: .committed)
                _ = try await atOnce(2, test) { number, store in
                    let change =
                        number == 1
                        ? Change.tag(id, [DeviceTag("it", .inventory(serial: serial))])
                        : Change.importInventory([item(serial, tag: "dev")], replacing: false, at: TestedStore.now)
                    return try await store.commit([change])
                }
                try expect(try await test.record(round).tags, is: [])
            }
        },
        Rule("a device that is deleted while it gets tags, notices and a row leaves none behind") { test in
            for round in 1...10 {
                try await test.register(1)
                _ = try await atOnce(2, test) { number, store in
                    guard number == 2 else { return try await test.delete(1) }
                    let (id, row) = (SampleDevice.id(1), use(1, "row \(round)"))
                    for change in [
                        .tag(id, [DeviceTag("a", .operators)]), .notice(notice(.lending, 1, "row")),
                        .use(id, row, insteadOf: nil),
                    ] as [Change] { _ = try await store.commit([change]) }
                }
                try expect(try await test.store.noticeCounts(), is: [:])
                try await test.register(1)
                let record = try await test.record(1)
                try expect([record.tags.isEmpty, record.use == nil], is: [true, true])
                try await test.delete(1)
            }
        },
    ]
}
