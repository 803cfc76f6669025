internal import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import TestSupport

extension StoreConformance {
    static let deviceRules = [
        Rule("a device that is not known has no keys and no record") { test in
            let id = SampleDevice.id(1)
            try expect(try await test.store.keys(of: id), is: nil)
            try expect(try await test.store.record(of: id), is: nil)
            try expect(try await test.store.load(.init(devices: [id])).records.isEmpty)
            try expect(try await test.store.records(after: nil, limit: 9), is: [])
        },
        Rule("a device that registers comes back as it was written, and is counted by its certificate") { test in
            let kinds: [Authorisation.Kind] = [.certificate(fingerprint: "leaf"), .token(hash: "leaf")]
            for (number, kind) in zip(1..., kinds) {
                var record = newRecord(number, kind)
                try expect(try await test.commit(.device(record)), is: .committed)
                let stored = try await test.record(number)
                try expect(stored.version != 0)
                record.version = stored.version
                try expect(stored, is: record)
                try expect(try await test.store.keys(of: record.device), is: [SampleDevice.key(number)])
            }
            let counts = try await test.store.load(.init(certificates: ["leaf", "other"])).registrations
            try expect(counts, is: ["leaf": 1, "other": 0])
        },
        Rule("a device is registered once") { test in
            try await test.register(1)
            let before = try await test.content()
            try expect(try await test.commit(.device(newRecord(1, .token(hash: "t")))), is: .conflict)
            try expect(try await test.content(), is: before)
        },
        Rule("a device registers by a certificate while fewer than the limit have") { test in
            func register(_ number: Int, _ fingerprint: String, limit: Int) async throws -> CommitOutcome {
                try await test.commit(
                    .countRegistration(fingerprint: fingerprint, limit: limit),
                    .device(newRecord(number, .certificate(fingerprint: fingerprint)))
                )
            }
            try expect(try await register(1, "a", limit: 2), is: .committed)
            try expect(try await register(2, "a", limit: 2), is: .committed)
            try expect(try await register(3, "a", limit: 2), is: .conflict)
            try expect(try await test.store.keys(of: SampleDevice.id(3)), is: nil)
            try expect(try await register(3, "b", limit: 2), is: .committed)
            try expect(try await register(4, "a", limit: 3), is: .committed)
        },
        Rule("a device's own part is written on its version, which grows") { test in
            try await test.register(1)
            let first = try await test.record(1)
            var record = first
            (record.key, record.keyThumbprint) = (SampleDevice.key(7), "thumbprint \"7\"")
            record.replacedKeys = [SampleDevice.key(1), JWK.rsa(modulus: [1, 2, 3], exponent: [1, 0, 1])]
            record.retiredAt = TestedStore.now
            record.continuity = Continuity(
                shown: "1.a",
                answered: Receipt(number: 2, code: [1, 2, 3]),
                stretches: [
                    .init(boot: "b", first: 1, last: 2, began: 3), .init(boot: "c", first: 2, last: 2, began: 9),
                ],
                restoredAt: Timestamp(seconds: 1)
            )
            record.failingSince = ["disk": TestedStore.now, "lock": Timestamp(seconds: 0)]
            try expect(try await test.commit(.device(record)), is: .committed)
            let second = try await test.record(1)
            try expect(second.version > first.version)
            record.version = second.version
            try expect(second, is: record)
            try expect(try await test.commit(.device(first)), is: .conflict, "the version has moved")
            try expect(try await test.record(1), is: second)
            (record.continuity, record.retiredAt, record.replacedKeys) = (nil, nil, [])
            try expect(try await test.commit(.device(record)), is: .committed)
            record.version = try await test.record(1).version
            try expect(try await test.record(1), is: record)
            var unknown = newRecord(2, .token(hash: "t"))
            unknown.version = 1
            try expect(try await test.commit(.device(unknown)), is: .conflict)
        },
        Rule("a device's keys are the one in force, and then those that it replaced, the newest first") { test in
            try await test.register(1)
            for number in 2...4 {
                var record = try await test.record(1)
                record.replacedKeys.append(record.key)
                (record.key, record.keyThumbprint) = (SampleDevice.key(number), "\(number)")
                try expect(try await test.commit(.device(record)), is: .committed)
            }
            try expect(try await test.store.keys(of: SampleDevice.id(1)), is: [4, 3, 2, 1].map(SampleDevice.key))
            try await test.accept(SampleDevice.verified(1, nonce: 1))
            try expect(try await test.store.keys(of: SampleDevice.id(1)), is: [4, 3, 2, 1].map(SampleDevice.key))
            try expect(try await test.record(1).keyThumbprint, is: "4")
            try expect(try await test.commit(.block(block(.deviceKey, "4", of: 1))), is: .committed)
            try expect(try await test.record(1).blocks.count, is: 1, "by the key in force")
        },
        Rule("a device's own part leaves its report as it is") { test in
            try await test.register(1)
            try await test.accept(SampleDevice.verified(1, nonce: 1, serial: "PF0FAKE1"))
            let before = try await test.record(1)
            var record = newRecord(1, before.registeredBy)
            record.version = before.version
            try expect(try await test.commit(.device(record)), is: .committed)
            let after = try await test.record(1)
            try expect(after.newest, is: before.newest)
            try expect([after.serial, after.listing.hostname], is: ["pf0fake1", "laptop-1"])
            try expect(after.reported, is: before.reported)
            try expect(after.reported.map(\.value), is: ["pf0fake1"])
        },
        Rule("a device is deleted with its report, its names, waivers, tags, notices and row") { test in
            try await test.register(1, 2)
            for number in 1...2 {
                try await test.accept(
                    SampleDevice.verified(number, nonce: 1, serial: "PF0FAKE\(number)", warpIDs: ["w\(number)"])
                )
            }
            try expect(
                try await test.commit(.waive(waiver(1, "a")), .block(block(.device, "x", of: 1))),
                is: .committed
            )
            for number in 1...2 {
                let id = SampleDevice.id(number)
                let notice = IdentityNotice(.lending, of: id, since: TestedStore.now)
                let changes: [Change] = [
                    .tag(id, [DeviceTag("a", .operators)]), .notice(notice), .use(id, use(number, "r"), insteadOf: nil),
                ]
                try expect(try await test.store.commit(changes), is: .committed)
            }
            let id = SampleDevice.id(1)
            try expect(try await test.commit(.deleteDevice(id, version: 0)), is: .conflict)
            try await test.delete(1)
            try expect(try await test.store.record(of: id), is: nil)
            try expect(try await test.store.keys(of: id), is: nil)
            for kind in [DeviceName.Kind.serial, .hostname] {
                let key = kind == .serial ? "pf0fake1" : "laptop-1"
                try expect(try await test.store.devices(named: key, kind, limit: 9), is: [])
            }
            try expect(try await test.store.blocks(of: id).count, is: 1, "a block outlives its device")
            try expect(try await test.holder(.serial, "pf0fake1"), is: nil)
            try expect(try await test.holder(.warp, "w2"), is: SampleDevice.id(2))
            let other = try await test.record(2)
            try expect([other.newest != nil, other.use != nil], is: [true, true])
            try expect([other.tags.count, other.notices.count], is: [1, 1])
            try expect(try await test.store.notices([.lending], limit: 9).map(\.device), is: [other.device])
            let links = try await test.store.linkCounts(askedSince: Timestamp(seconds: 0))
            try expect(links.rows.values.reduce(0, +), is: 1)
            try expect(try await test.commit(.deleteDevice(id, version: 1)), is: .conflict)
            try await test.register(1)
            let again = try await test.record(1)
            try expect([again.newest == nil, again.waivers.isEmpty, again.claims.isEmpty], is: [true, true, true])
            try expect([again.tags.isEmpty, again.notices.isEmpty, again.use == nil], is: [true, true, true])
            try await test.accept(SampleDevice.verified(1, nonce: 1, serial: "PF0FAKE1"))
        },
    ]

    static func newRecord(_ number: Int, _ kind: Authorisation.Kind) -> DeviceRecord {
        DeviceRecord(
            device: SampleDevice.id(number),
            key: SampleDevice.key(number),
            registeredAt: TestedStore.now,
            registeredBy: kind
        )
    }
}
