@_spi(Verifying) internal import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import TestSupport

extension StoreConformance {
    static let reportRules = [
        Rule("a report comes back byte by byte, with its verdicts and what lists show") { test in
            try await test.register(1)
            var record = try await test.record(1)
            let verdict = CheckVerdict(
                id: "corp",
                level: .proven,
                key: "key",
                proves: true,
                reason: "the key of CN=läptop \"1\"; DROP TABLE device; signed",
                code: "c",
                anchor: "root",
                chain: [
                    ChainLink(issuerKey: "issuing", serialNumber: "a"), ChainLink(issuerKey: "root", serialNumber: "1"),
                ],
                holdsUntil: TestedStore.now.adding(seconds: 60),
                bound: ["serial_number": "PF0FAKE1"],
                warning: "expires in 3 days",
                commonName: "läptop"
            )
            record.newest = StoredReport(
                payload: Array(0...255),
                checks: [verdict],
                nonceIssuedAt: Timestamp(microseconds: TestedStore.now.microseconds + 1),
                receivedAt: TestedStore.now
            )
            record.listing = DeviceListing(
                hostname: "h",
                serial: "S'ÿ",
                operatingSystem: "o",
                agent: nil,
                warp: .cannotTell
            )
            record.reported = [Identifier(stored: .serial, "s'ÿ"), .init(stored: .warp, "w\"1")]
            record.continuity = Continuity(shown: nil, answered: Receipt(number: 1, code: [1]), stretches: [])
            (record.key, record.keyThumbprint, record.replacedKeys) = (SampleDevice.key(2), "t", [SampleDevice.key(1)])
            record.serial = "pf0fake1"
            record.failingSince = ["disk": TestedStore.now]
            try expect(try await test.commit(.report(record, names: [])), is: .committed)
            let stored = try await test.record(1)
            record.version = stored.version
            try expect(stored, is: record)
        },
        Rule("a report is stored on the version of its device") { test in
            try await test.register(1)
            let (old, names) = (try await test.record(1), [try require(DeviceName(.hostname, "late"))])
            try await test.accept(SampleDevice.verified(1, nonce: 10, agent: "first"))
            let before = try await test.content()
            for (nonce, outcome) in [(11, .conflict), (10, .stale), (9, .stale)] as [(Int64, CommitOutcome)] {
                let report = reported(SampleDevice.verified(1, nonce: nonce, agent: "late"), by: old)
                try expect(try await test.commit(.report(report, names: names)), is: outcome, "\(nonce)")
                try expect(try await test.content(), is: before)
            }
            try expect(try await test.store.devices(named: "late", .hostname, limit: 9), is: [])
            let report = reported(SampleDevice.verified(1, nonce: 11), by: try await test.record(1))
            try expect(try await test.commit(.report(report, names: names)), is: .committed)
        },
        Rule("a report is stale for one as new, on whatever version it was decided") { test in
            try await test.register(1)
            try await test.accept(SampleDevice.verified(1, nonce: 10))
            let (record, before) = (try await test.record(1), try await test.content())
            for (nonce, outcome) in [(9, .stale), (10, .stale), (11, .committed)] as [(Int64, CommitOutcome)] {
                let report = reported(SampleDevice.verified(1, nonce: nonce, agent: "late"), by: record)
                try expect(try await test.commit(.report(report, names: [])), is: outcome, "\(nonce)")
                try expect((try await test.content() == before) == (outcome == .stale))
            }
        },
        Rule("a report of a device that is not known, or one without a report, is a conflict") { test in
            try await test.register(1)
            let before = try await test.content()
            let unknown = reported(SampleDevice.verified(2, nonce: 1), by: newRecord(2, .token(hash: "t")))
            try expect(try await test.commit(.report(unknown, names: [])), is: .conflict)
            try expect(try await test.commit(.report(try await test.record(1), names: [])), is: .conflict)
            try expect(try await test.content(), is: before)
        },
        Rule("a report is not stale for one whose nonce a clock far ahead let in, but for one ahead a little") { test in
            try await test.register(1)
            let (hour, old): (Int64, DeviceRecord) = (3_600_000_000, try await test.record(1))
            for (nonce, outcome) in [(hour, .stale), (hour + 1, .conflict)] as [(Int64, CommitOutcome)] {
                let ahead = reported(SampleDevice.verified(1, nonce: nonce), by: try await test.record(1))
                try expect(try await test.commit(.report(ahead, names: [])), is: .committed)
                let report = reported(SampleDevice.verified(1, nonce: 0), by: old)
                try expect(try await test.commit(.report(report, names: [])), is: outcome)
            }
            try await test.accept(SampleDevice.verified(1, nonce: 0, agent: "now"))
            try expect(try await test.record(1).listing.agent, is: "now")
        },
        Rule("times are those of the years 1 to 9999, to the microsecond") { test in
            try await test.register(1)
            for microseconds in [-62_135_596_800_000_000, -1, 0, 253_402_300_799_999_999] as [Int64] {
                var record = try await test.record(1)
                let time = Timestamp(microseconds: microseconds)
                record.newest = StoredReport(payload: [1], checks: [], nonceIssuedAt: time, receivedAt: time)
                record.retiredAt = time
                try expect(try await test.commit(.report(record, names: [])), is: .committed)
                let stored = try await test.record(1)
                try expect(
                    [stored.newest?.nonceIssuedAt, stored.newest?.receivedAt, stored.retiredAt],
                    is: [time, time, time]
                )
            }
        },
        Rule("records come in pages, in the order of their ids: of devices that have reported and not retired") {
            test in
            try await test.register(1, 2, 3, 4, 5, 6)
            for number in [5, 1, 4, 2, 6] {
                try await test.accept(SampleDevice.verified(number, nonce: 1, serial: "PF0FAKE\(number)"))
            }
            var retired = try await test.record(6)
            retired.retiredAt = TestedStore.now
            try expect(try await test.commit(.device(retired)), is: .committed)
            var pages: [[DeviceRecord]] = []
            repeat {
                pages.append(try await test.store.records(after: pages.last?.last?.device, limit: 3))
            } while pages.last?.isEmpty == false
            try expect(pages.map { $0.map(\.device) }, is: [[1, 2, 4].map(SampleDevice.id), [SampleDevice.id(5)], []])
            for record in pages.flatMap({ $0 }) {
                try expect(record, is: try require(try await test.store.record(of: record.device)), "as it is alone")
            }
        },
        Rule("what is stored is there for who opens the database later") { test in
            try await test.register(1)
            let report = SampleDevice.verified(1, nonce: 7, serial: "PF0FAKE1", warpIDs: ["w1"])
            try await test.accept(report)
            let second = try await test.open()
            try expect(try await second.keys(of: SampleDevice.id(1)), is: [SampleDevice.key(1)])
            try expect(try await second.record(of: SampleDevice.id(1)), is: try await test.record(1))
            try expect(try await second.record(of: SampleDevice.id(1))?.newest?.verified(), is: report)
        },
    ]

    /// The record of a device with a report, and nothing else decided.
    static func reported(_ report: VerifiedReport, by record: DeviceRecord) -> DeviceRecord {
        var record = record
        record.newest = StoredReport(report, receivedAt: TestedStore.now)
        return record
    }
}
