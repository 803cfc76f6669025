internal import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import TestSupport

extension StoreConformance {
    static let noticeRules = [
        Rule("a device's notices come back, the oldest first, and the first of its kind and party stays") { test in
            try await test.register(1, 2)
            let notices = [
                notice(.lending, 1, "row", second: 5), notice(.deviceKeyCopied, 1, second: 6),
                notice(.lending, 1, "another; DROP TABLE device", second: 7),
            ]
            for one in notices.shuffled() { try expect(try await test.commit(.notice(one)), is: .committed) }
            try expect(try await test.record(1).notices, is: notices)
            for second in [1, 9] as [Int64] {
                let again = notice(.lending, 1, "row", second: second)
                try expect(try await test.commit(.notice(again)), is: .committed)
            }
            try expect(try await test.record(1).notices, is: notices)
            try expect(try await test.record(1).cloneAlarmSince, is: TestedStore.now.adding(seconds: 6))
            try expect(try await test.record(2).notices, is: [])
            try await test.accept(SampleDevice.verified(1, nonce: 1))
            try expect(try await test.store.records(after: nil, limit: 9).map(\.notices), is: [notices])
        },
        Rule("the notices of a device are cleared together") { test in
            try await test.register(1, 2)
            for one in [notice(.lending, 1, "row"), notice(.deviceKeyCopied, 1), notice(.lending, 2, "row")] {
                try expect(try await test.commit(.notice(one)), is: .committed)
            }
            for _ in 1...2 { try expect(try await test.commit(.clearNotices(SampleDevice.id(1))), is: .committed) }
            try expect(try await test.record(1).notices, is: [])
            try expect(try await test.record(2).notices.count, is: 1)
            let later = notice(.lending, 1, "row", second: 9)
            try expect(try await test.commit(.notice(later)), is: .committed)
            try expect(try await test.record(1).notices, is: [later], "it begins anew")
        },
        Rule("a device has so many notices of one kind at most, and those of one kind leave room for others") { test in
            try await test.register(1, 2)
            for number in 0..<IdentityNotice.limit + 9 {
                let one = notice(.lending, 1, "row \(number)", second: Int64(number))
                try expect(try await test.commit(.notice(one)), is: .committed)
            }
            let kept = try await test.record(1).notices
            try expect(kept.map(\.other), is: (0..<IdentityNotice.limit).map { "row \($0)" }, "the first")
            try expect(try await test.commit(.notice(notice(.deviceKeyCopied, 1))), is: .committed)
            try expect(try await test.record(1).cloneAlarmSince != nil)
            try expect(try await test.commit(.notice(notice(.lending, 2, "row"))), is: .committed)
            try expect(try await test.record(2).notices.count, is: 1)
        },
        Rule("notices are listed by their kinds, the newest first, and counted") { test in
            try await test.register(1, 2, 3)
            try expect(try await test.store.noticeCounts(), is: [:])
            let all = [
                notice(.lending, 3, "row", second: 9), notice(.deviceKeyCopied, 1, second: 8),
                notice(.lending, 1, "row", second: 7), notice(.snapshotRestored, 2, second: 6),
                notice(.lending, 2, "row", second: 5),
            ]
            for one in all.shuffled() { try expect(try await test.commit(.notice(one)), is: .committed) }
            func listed(_ kinds: Set<IdentityNotice.Kind>, _ limit: Int = 9) async throws -> [IdentityNotice] {
                try await test.store.notices(kinds, limit: limit)
            }
            try expect(try await listed(Set(IdentityNotice.Kind.allCases)), is: all)
            try expect(try await listed([.lending]), is: [all[0], all[2], all[4]])
            try expect(try await listed([.lending, .deviceKeyCopied], 3), is: Array(all.prefix(3)))
            try expect(try await listed([.lending], 1), is: [all[0]])
            try expect(try await listed([]), is: [])
            try expect(try await listed([.certificateKeyReturned]), is: [])
            try expect(
                try await test.store.noticeCounts(),
                is: [.lending: 3, .deviceKeyCopied: 1, .snapshotRestored: 1]
            )
        },
    ]

    static func notice(
        _ kind: IdentityNotice.Kind,
        _ number: Int,
        _ other: String = "",
        second: Int64 = 0
    ) -> IdentityNotice {
        IdentityNotice(kind, of: SampleDevice.id(number), other: other, since: TestedStore.now.adding(seconds: second))
    }
}
