internal import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import TestSupport

extension StoreConformance {
    static let commitRules =
        [
            Rule("commits in one call do not depend on each other, and their outcomes come in their order") { test in
                try await test.register(1)
                let old = try await test.record(1)
                try await test.accept(SampleDevice.verified(1, nonce: 9))
                let stale = reported(SampleDevice.verified(1, nonce: 9), by: old)
                let outcomes = try await test.store.commit([
                    Commit([.setting(name: "test", text: "first")]), Commit([.removeCA(id: "none")]),
                    Commit([.report(stale, names: [])]), Commit([.device(newRecord(2, .token(hash: "t")))]),
                    Commit([.device(newRecord(2, .token(hash: "u")))]), Commit([]),
                ])
                try expect(outcomes, is: [.committed, .conflict, .stale, .committed, .conflict, .committed])
                try expect(try await test.store.settingText("test"), is: "first")
                try expect(try await test.record(2).registeredBy, is: .token(hash: "t"))
                try expect(try await test.store.commit([]), is: [])
            },
            Rule("a commit sees what those before it in its call have changed") { test in
                try expect(try await test.commit(.addToken(token("t", uses: 1))), is: .committed)
                let use = Commit([.useToken(hash: "t", at: TestedStore.now)])
                let none = Commit([.countRegistration(fingerprint: "a", limit: 1)])
                let device = Commit([.device(newRecord(1, .certificate(fingerprint: "a")))])
                let outcomes = try await test.store.commit([use, use, none, device, none])
                try expect(outcomes, is: [.committed, .conflict, .committed, .committed, .conflict])
            },
            Rule("no commit of a call is made where one of them is an error") { test in
                let entry = AuditEntry.test()
                try expect(try await test.commit(.setting(name: "test", text: "a"), audit: entry), is: .committed)
                let before = try await test.content()
                let commits = [nil, entry, nil].map { Commit([.setting(name: "test", text: "b")], audit: $0) }
                var failed = false
                do { _ = try await test.store.commit(commits) } catch { failed = true }
                try expect(failed)
                try expect(try await test.content(), is: before)
            },
            Rule("a commit whose audit entry cannot be written changes nothing") { test in
                let entry = AuditEntry.test()
                try expect(try await test.commit(.setting(name: "test", text: "a"), audit: entry), is: .committed)
                let before = try await test.content()
                var failed = false
                do { _ = try await test.commit(.setting(name: "test", text: "b"), audit: entry) } catch {
                    failed = true
                }
                try expect(failed, "there was an entry with this id already")
                try expect(try await test.content(), is: before)
            },
        ]
        + refused.map { name, change in
            Rule("a commit with \(name) changes nothing, not even what came before") { test in
                try await prepare(test)
                let before = try await test.content()
                let changes = [good, try await change(test), .setting(name: "test", text: "after")]
                try expect(try await test.store.commit(changes, audit: .test()), is: .conflict)
                try expect(try await test.content(), is: before)
                try expect(try await test.commit(good), is: .committed)
                try expect(try await test.content() != before)
            }
        }

    private static let good = Change.setting(name: "test", text: "before")

    private static func prepare(_ test: TestedStore) async throws {
        try await test.register(1)
        try await test.accept(SampleDevice.verified(1, nonce: 9, serial: "PF0FAKE1"))
        try expect(
            try await test.commit(
                .addToken(token("used", uses: 0)),
                .addToken(token("old", uses: 9)),
                .addCA(ca(1), limit: 9)
            ),
            is: .committed
        )
    }

    /// One change of each kind whose condition does not hold.
    private static let refused: [(String, @Sendable (TestedStore) async throws -> Change)] = [
        ("a device that is there", { _ in .device(newRecord(1, .token(hash: "t"))) }),
        (
            "a device of another version",
            { test in
                var record = try await test.record(1)
                record.version += 1
                return .device(record)
            }
        ),
        (
            "a report on another version",
            { test in
                var record = reported(SampleDevice.verified(1, nonce: 10), by: try await test.record(1))
                record.version += 1
                return .report(record, names: DeviceName(.hostname, "late").map { [$0] } ?? [])
            }
        ),
        ("the deletion of another version", { _ in .deleteDevice(SampleDevice.id(1), version: 0) }),
        ("the deletion of a device that is not known", { _ in .deleteDevice(SampleDevice.id(2), version: 1) }),
        ("claims of another version", { _ in .claims(try claimed("pf0fake1", [(2, .assigned)])) }),
        (
            "the expectation of a certificate where the inventory has none",
            { _ in .requireExpectation(serial: "pf0fake1", certificateName: "a.test") }
        ),
        ("a tag of a device that is not known", { _ in .tag(SampleDevice.id(2), [DeviceTag("a", .operators)]) }),
        (
            "a tag that no line of the inventory gives",
            { _ in .tag(SampleDevice.id(1), [DeviceTag("a", .inventory(serial: "pf0fake1"))]) }
        ),
        (
            "a notice of a device that is not known",
            { _ in .notice(IdentityNotice(.lending, of: SampleDevice.id(2), since: TestedStore.now)) }
        ),
        ("a row of a device that is not known", { _ in .use(SampleDevice.id(2), use(2, "r"), insteadOf: nil) }),
        ("a row in place of one that is not in use", { _ in .use(SampleDevice.id(1), use(1, "r"), insteadOf: "q") }),
        ("an inventory of another version", { _ in .requireInventory(version: 1) }),
        ("the use of a token that is not known", { _ in .useToken(hash: "none", at: TestedStore.now) }),
        ("the use of a token that is used up", { _ in .useToken(hash: "used", at: TestedStore.now) }),
        (
            "the use of a token at its end",
            { _ in .useToken(hash: "old", at: TestedStore.now.adding(seconds: 3600)) }
        ),
        ("one more device by a certificate", { _ in .countRegistration(fingerprint: "leaf", limit: 1) }),
        ("a token that is there", { _ in .addToken(token("old", uses: 3)) }),
        ("the removal of a token that is not known", { _ in .removeToken(hash: "none") }),
        ("a CA whose certificates are there", { _ in .addCA(ca(2, digest: "digest 1"), limit: 9) }),
        ("a CA beyond the limit", { _ in .addCA(ca(2), limit: 1) }),
        ("the removal of a CA that is not known", { _ in .removeCA(id: "none") }),
        ("the removal of blocks that are not there", { _ in .unblock(SampleDevice.id(1)) }),
        ("a waiver of a device that is not known", { _ in .waive(waiver(2, "a")) }),
        ("the removal of a waiver that is not there", { _ in .removeWaiver(SampleDevice.id(1), rule: "a") }),
    ]
}
