internal import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import TestSupport

extension StoreConformance {
    static let waiverRules = [
        Rule("waivers come back with their device as they were written, expired ones too") { test in
            try await test.register(1, 2, 3)
            let waivers = [waiver(1, "a", until: -60), waiver(1, "b"), waiver(2, "a")]
            for one in waivers.reversed() { try expect(try await test.commit(.waive(one)), is: .committed) }
            try expect(try await test.record(1).waivers, is: Array(waivers.prefix(2)))
            try expect(try await test.record(2).waivers, is: [waivers[2]])
            try expect(try await test.record(3).waivers, is: [])
        },
        Rule("a waiver takes the place of an earlier one of its rule") { test in
            try await test.register(1)
            for until in [60, 30] as [Int64] {
                try expect(try await test.commit(.waive(waiver(1, "a", until: until))), is: .committed)
            }
            try expect(try await test.record(1).waivers, is: [waiver(1, "a", until: 30)])
        },
        Rule("a waiver is removed once") { test in
            try await test.register(1)
            try expect(try await test.commit(.waive(waiver(1, "a")), .waive(waiver(1, "b"))), is: .committed)
            try expect(try await test.commit(.removeWaiver(SampleDevice.id(1), rule: "a")), is: .committed)
            try expect(try await test.commit(.removeWaiver(SampleDevice.id(1), rule: "a")), is: .conflict)
            try expect(try await test.record(1).waivers, is: [waiver(1, "b")])
        },
        Rule("a device has a hundred waivers at most") { test in
            try await test.register(1, 2)
            let all = (1...Waiver.limit).map { Change.waive(waiver(1, "rule_\($0)")) }
            try expect(try await test.store.commit(all), is: .committed)
            try expect(try await test.commit(.waive(waiver(1, "more"))), is: .conflict)
            try expect(
                try await test.commit(.waive(waiver(1, "rule_1", until: 5))),
                is: .committed,
                "one that is there"
            )
            try expect(try await test.record(1).waivers.count, is: Waiver.limit)
            try expect(try await test.commit(.waive(waiver(2, "more"))), is: .committed)
        },
    ]

    static func waiver(_ number: Int, _ rule: String, until: Int64 = 60) -> Waiver {
        Waiver(
            device: SampleDevice.id(number),
            rule: rule,
            expiresAt: TestedStore.now.adding(seconds: until),
            reason: "a reason; DROP TABLE waiver",
            createdBy: "alice",
            createdAt: TestedStore.now
        )
    }
}
