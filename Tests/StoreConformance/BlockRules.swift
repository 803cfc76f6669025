internal import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import TestSupport

extension StoreConformance {
    static let blockRules = [
        Rule("blocks come back as they were written, oldest first, and go together") { test in
            let first = [block(.certificateKey, "k1", of: 1), block(.device, "d", of: 1), block(.serial, "pf0", of: 1)]
            let early = block(.serial, "pf9", of: 1, second: -1)
            let second = block(.certificateKey, "k1", of: 2)
            try expect(try await test.store.commit((first + [second, early]).map(Change.block)), is: .committed)
            try expect(try await test.store.blocks(of: SampleDevice.id(1)), is: [early] + first)
            try expect(try await test.commit(.unblock(SampleDevice.id(1))), is: .committed)
            try expect(try await test.store.blocks(of: SampleDevice.id(1)), is: [])
            let kept = try await test.store.blocks(of: SampleDevice.id(2))
            try expect(kept, is: [second], "what another device has too is blocked with that one")
            try expect(try await test.commit(.unblock(SampleDevice.id(1))), is: .conflict)
        },
        Rule("a block that is there already gets the newer reason") { test in
            let newer = Block(
                kind: .device,
                value: "d",
                device: SampleDevice.id(1),
                reason: "sold; DROP TABLE block",
                createdBy: "bob",
                createdAt: TestedStore.now.adding(seconds: 1)
            )
            for one in [block(.device, "d", of: 1), newer] {
                try expect(try await test.commit(.block(one)), is: .committed)
            }
            try expect(try await test.store.blocks(of: SampleDevice.id(1)), is: [newer])
        },
        Rule("a device is covered by blocks of its id, its key, the keys it proves and what it reports") { test in
            for (number, serial, key) in [(1, "PF0FAKE1", "key1"), (2, "PF0FAKE2", nil)] as [(Int, String, String?)] {
                let checks = [
                    CheckVerdict(id: "a", level: .keyPresent, key: "shown", reason: ""),
                    CheckVerdict(id: "b", level: .proven, key: key, proves: key != nil, reason: ""),
                ]
                try await test.register(number)
                let ids = ["W\(number)", "V\(number)"]
                let report = SampleDevice.verified(number, nonce: 1, serial: serial, warpIDs: ids, checks: checks)
                try await test.accept(report)
            }
            for (kind, value) in [
                (.device, SampleDevice.id(1).rawValue), (.deviceKey, SampleDevice.id(1).rawValue),
                (.serial, "pf0fake1"),
                (.certificateKey, "key1"), (.warp, "w1"), (.warp, "v1"),
            ] as [(Block.Kind, String)] {
                let one = block(kind, value, of: 9)
                try expect(try await test.commit(.block(one)), is: .committed)
                try expect(try await test.record(1).blocks, is: [one])
                try expect(try await test.record(2).blocks, is: [])
                let pages = try await test.store.records(after: nil, limit: 9)
                try expect(pages.map(\.blocks), is: [[one], []])
                try expect(try await test.commit(.unblock(SampleDevice.id(9))), is: .committed)
            }
            for (kind, value) in [
                (.serial, "key1"), (.certificateKey, "shown"), (.certificateKey, "pf0fake1"), (.device, "pf0fake1"),
                (.warp, "pf0fake1"), (.serial, "w1"), (.warp, "W1"),
            ] as [(Block.Kind, String)] {
                try expect(try await test.commit(.block(block(kind, value, of: 9))), is: .committed)
                try expect(try await test.record(1).blocks, is: [], "\(kind) \(value)")
            }
        },
        Rule("blocks of what was asked for come along, whoever has it, and all are counted") { test in
            let blocks = [
                block(.serial, "pf0fake1", of: 1), block(.certificateKey, "k1", of: 2), block(.serial, "x", of: 3),
            ]
            try expect(try await test.store.blockCount(), is: 0)
            try expect(try await test.store.commit(blocks.map(Change.block)), is: .committed)
            try expect(try await test.store.blockCount(), is: 3)
            let keys: Set = [
                Block.Key(.serial, "pf0fake1"), .init(.certificateKey, "k1"), .init(.device, "x"),
                .init(.serial, "k1"), .init(.warp, "pf0fake1"),
            ]
            let snapshot = try await test.store.load(.init(blockKeys: keys))
            try expect(Set(snapshot.blocks), is: Set(blocks.prefix(2)))
            try expect(try await test.store.load(.init()).blocks, is: [])
        },
        Rule("of the blocks that cover a device its own comes first, then the oldest") { test in
            try await test.register(1)
            try await test.accept(SampleDevice.verified(1, nonce: 1, serial: "PF0FAKE1"))
            let blocks = [
                block(.serial, "pf0fake1", of: 1, second: 9), block(.serial, "pf0fake1", of: 3, second: 1),
                block(.device, SampleDevice.id(1).rawValue, of: 2, second: 2),
            ]
            try expect(try await test.store.commit(blocks.shuffled().map(Change.block)), is: .committed)
            try expect(try await test.record(1).blocks, is: blocks)
        },
        Rule("blocks beyond the limit are refused, all of the commit") { test in
            let many = (1..<Block.limit).map { Change.block(block(.serial, "\($0)", of: 9)) }
            try expect(try await test.store.commit(many), is: .committed)
            let two = [block(.device, "d", of: 1), block(.serial, "pf0", of: 1)].map(Change.block)
            try expect(try await test.store.commit(two), is: .conflict)
            try expect(try await test.store.blocks(of: SampleDevice.id(1)), is: [])
            try expect(try await test.commit(two[0]), is: .committed)
            try expect(try await test.commit(two[1]), is: .conflict)
            try expect(try await test.commit(two[0]), is: .committed, "one that is there")
        },
    ]

    static func block(_ kind: Block.Kind, _ value: String, of number: Int, second: Int64 = 0) -> Block {
        Block(
            kind: kind,
            value: value,
            device: SampleDevice.id(number),
            reason: "stolen",
            createdBy: "alice",
            createdAt: TestedStore.now.adding(seconds: second)
        )
    }
}
