internal import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import TestSupport

extension StoreConformance {
    static let directoryRules = [
        Rule("a device is listed with what its newest report says, and without what is not known") { test in
            try await test.register(1, 2)
            try await test.accept(SampleDevice.verified(1, nonce: 1, serial: "PF0FAKE1"))
            let first = DeviceSummary(
                device: SampleDevice.id(1),
                registeredAt: TestedStore.now,
                receivedAt: TestedStore.now,
                listing: DeviceListing(
                    hostname: "laptop-1",
                    serial: "PF0FAKE1",
                    operatingSystem: "debian 12",
                    agent: "postured/test",
                    warp: .noClient
                )
            )
            let second = DeviceSummary(device: SampleDevice.id(2), registeredAt: TestedStore.now)
            try expect(try await list(test), is: [first, second])
            try expect(try await test.store.devices([SampleDevice.id(3), SampleDevice.id(1)]), is: [first])
            try expect(try await test.store.devices([] as Set<DeviceID>), is: [])
        },
        Rule("devices come in pages, in the order of their ids, each once") { test in
            for number in (0..<7).shuffled() { try await test.register(number) }
            var pages: [[DeviceSummary]] = []
            repeat {
                pages.append(try await test.store.devices(after: pages.last?.last?.device, limit: 3, silentSince: nil))
            } while pages.last?.isEmpty == false
            try expect(pages.map(\.count), is: [3, 3, 1, 0])
            try expect(pages.flatMap { $0 }.map(\.device), is: (0..<7).map(SampleDevice.id))
        },
        Rule("a device is silent if it has not reported since, or never and did not register since") { test in
            try await test.register(1, 2)
            try await test.register(3, at: TestedStore.now.adding(seconds: 50))
            try await test.accept(SampleDevice.verified(1, nonce: 1))
            try await test.accept(SampleDevice.verified(2, nonce: 2), after: 60)
            for (seconds, silent) in [(-1, []), (0, [1]), (49, [1]), (50, [1, 3]), (60, [1, 2, 3])] as [(Int64, [Int])]
            {
                let since = TestedStore.now.adding(seconds: seconds)
                try expect(try await list(test, silentSince: since).map(\.device), is: silent.map(SampleDevice.id))
            }
        },
        Rule("devices are found by the beginning of their ids, letter by letter") { test in
            try await test.register(1, 2, 300)
            let ids = [1, 2, 300].map(SampleDevice.id)
            func find(_ prefix: String, limit: Int = 9) async throws -> [DeviceID] {
                try await test.store.devices(idPrefix: prefix, limit: limit).map(\.device)
            }
            for id in ids { try expect(try await find(id.rawValue), is: [id]) }
            try expect(try await find("A"), is: ids)
            try expect(try await find("A", limit: 2), is: Array(ids.prefix(2)))
            try expect(try await find("AA"), is: Array(ids.prefix(2)))
            for text in ["a", "%", "_", ids[0].rawValue + "A", "~"] { try expect(try await find(text), is: [], text) }
        },
        Rule("a device that is blocked is said to be, and found when it is no longer known") { test in
            try await test.register(1, 2)
            try await test.accept(SampleDevice.verified(1, nonce: 1, serial: "PF0FAKE1"))
            let (id, other) = (SampleDevice.id(1), SampleDevice.id(2))
            let blocks = [block(.device, id.rawValue, of: 1), block(.serial, "pf0fake1", of: 1)]
            try expect(try await test.store.commit(blocks.map(Change.block)), is: .committed)
            try expect(try await list(test).map(\.isBlocked), is: [true, false])
            try await test.delete(1)
            let gone = DeviceSummary(device: id, registeredAt: nil, isBlocked: true)
            try expect(try await test.store.devices(idPrefix: String(id.rawValue.prefix(8)), limit: 9), is: [gone])
            let found = try await test.store.devices(named: "pf0fake1", .serial, limit: 9)
            try expect(found, is: [FoundDevice(summary: gone, names: ["pf0fake1"])])
            try expect(try await list(test).map(\.device), is: [other])
            try await test.register(1)
            try expect(try await list(test).map(\.isBlocked), is: [true, false], "whatever it registers as")
        },
        Rule("a device that is blocked and known is never taken for one that is gone") { test in
            try await test.register(1, 2)
            let id = SampleDevice.id(2)
            let blocks = [block(.device, id.rawValue, of: 2), block(.serial, "pf0fake1", of: 2)]
            try expect(try await test.store.commit(blocks.map(Change.block)), is: .committed)
            for limit in 1...3 {
                let found = try await test.store.devices(idPrefix: "A", limit: limit)
                try expect(found.map(\.device), is: Array([1, 2].map(SampleDevice.id).prefix(limit)))
                try expect(!found.contains { $0.registeredAt == nil })
                let named = try await test.store.devices(named: "pf0fake1", .serial, limit: limit)
                try expect(named.map(\.summary.device), is: [id], "by its block")
                try expect(named.first?.summary.registeredAt, is: TestedStore.now)
            }
        },
        Rule("a device that has retired is listed with the time, and is not silent") { test in
            try await test.register(1, 2)
            var record = try await test.record(1)
            record.retiredAt = TestedStore.now.adding(seconds: 3)
            try expect(try await test.commit(.device(record)), is: .committed)
            try expect(try await list(test).map(\.retiredAt), is: [TestedStore.now.adding(seconds: 3), nil])
            let later = TestedStore.now.adding(seconds: 60)
            try expect(try await list(test, silentSince: later).map(\.device), is: [SampleDevice.id(2)])
        },
        Rule("devices are counted by the age of their newest reports, without those that have retired") { test in
            try expect(try await test.store.counts(at: TestedStore.now), is: FleetCounts())
            try await test.register(1, 2, 3, 4, 5, 6, 7)
            for (number, age) in [(1, 0), (2, 3599), (3, 3600), (4, 86_400), (6, -5)] as [(Int, Int64)] {
                try await test.accept(SampleDevice.verified(number, nonce: 7), after: -age)
            }
            for number in 6...7 {
                var record = try await test.record(number)
                record.retiredAt = TestedStore.now
                try expect(try await test.commit(.device(record)), is: .committed)
            }
            let counts = try await test.store.counts(at: TestedStore.now)
            try expect([counts.withinHour, counts.withinDay, counts.earlier, counts.never], is: [2, 1, 1, 1])
            try expect(counts.newest, is: TestedStore.now)
        },
    ]

    private static func list(_ test: TestedStore, silentSince: Timestamp? = nil) async throws -> [DeviceSummary] {
        try await test.store.devices(after: nil, limit: 99, silentSince: silentSince)
    }
}
