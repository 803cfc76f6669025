internal import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import TestSupport

extension StoreConformance {
    static let inventoryRules = [
        Rule("the inventory comes back in pages, in the order of the serial numbers") { test in
            let items = [
                item("pf1", name: "laptop-1.acme.test", tag: "sales", warpID: "w1"), item("pf2"),
                item("pf3", tag: "it"),
            ]
            try expect(try await importing(items.reversed(), test), is: .committed)
            try expect(try await test.store.inventory(after: nil, limit: 2), is: Array(items.prefix(2)))
            try expect(try await test.store.inventory(after: "pf2", limit: 2), is: [items[2]])
            try expect(try await test.store.inventory(after: "pf3", limit: 2), is: [])
        },
        Rule("the inventory is added to, line by line in the place of what was there, or replaced") { test in
            try expect(try await importing([item("pf1", tag: "sales"), item("pf2")], test), is: .committed)
            try expect(try await importing([item("pf1"), item("pf3")], test), is: .committed)
            let all = try await test.store.inventory(after: nil, limit: 9)
            try expect(all, is: [item("pf1"), item("pf2"), item("pf3")])
            try expect(try await importing([item("pf4")], replacing: true, test), is: .committed)
            try expect(try await test.store.inventory(after: nil, limit: 9), is: [item("pf4")])
            try expect(try await importing([], replacing: true, test), is: .committed)
            try expect(try await test.store.inventory(after: nil, limit: 9), is: [])
        },
        Rule("what was decided from a line of the inventory holds while the line does") { test in
            func outcome(_ serial: String, _ name: String?) async throws -> CommitOutcome {
                try await test.commit(.requireExpectation(serial: serial, certificateName: name))
            }
            try expect(try await outcome("pf1", nil), is: .committed, "there is no line")
            try expect(try await importing([item("pf1", name: "a.test"), item("pf2")], test), is: .committed)
            try expect(try await outcome("pf1", "a.test"), is: .committed)
            try expect(try await outcome("pf2", nil), is: .committed)
            for (serial, name) in [
                ("pf1", nil), ("pf1", "b.test"), ("pf1", "A.test"), ("pf2", "a.test"), ("pf3", "a.test"),
            ] {
                try expect(try await outcome(serial, name), is: .conflict, "\(serial) \(name ?? "none")")
            }
        },
        Rule("the inventory has a version, which grows with each import, and a change may require it") { test in
            try expect(try await test.store.inventoryVersion(), is: 0)
            var versions: [Int64] = []
            for lines in [[item("pf1")], [item("pf1")], []] {
                versions.append(try await test.store.inventoryVersion())
                let condition = Change.requireInventory(version: try require(versions.last))
                let change = Change.importInventory(lines, replacing: true, at: TestedStore.now)
                try expect(try await test.commit(condition, change), is: .committed)
                try expect(try await test.commit(condition, change), is: .conflict)
            }
            versions.append(try await test.store.inventoryVersion())
            try expect(versions, is: Set(versions).sorted())
        },
        Rule("the inventory has its limit, and is imported whole or stays as it was") { test in
            try expect(try await importing([item("pf0")], test), is: .committed)
            let many = (0..<InventoryItem.limit).map { item("serial\($0)") }
            try expect(try await importing(many, test), is: .conflict)
            try expect(try await test.store.inventory(after: nil, limit: 9), is: [item("pf0")])
            try expect(try await importing(many, replacing: true, test), is: .committed)
            let stored = try await test.store.inventory(after: nil, limit: InventoryItem.limit + 1)
            try expect(stored.count, is: InventoryItem.limit)
            try expect(try await importing([item("serial7", tag: "it")], test), is: .committed, "one that is there")
        },
    ]

    static let tokenRules = [
        Rule("enrolment tokens come back as they were written, newest first") { test in
            let tokens = (0..<3).map { token("hash \($0)", uses: $0 + 1, age: Int64($0), replaces: $0 == 1 ? 7 : nil) }
            for one in tokens.shuffled() { try expect(try await test.commit(.addToken(one)), is: .committed) }
            try expect(try await test.store.tokens(limit: 9), is: tokens)
            try expect(try await test.store.tokens(limit: 2), is: Array(tokens.prefix(2)))
            let snapshot = try await test.store.load(.init(tokens: ["hash 1", "none"]))
            try expect(snapshot.tokens, is: ["hash 1": tokens[1]])
        },
        Rule("a token comes with the device that it replaces, and with the claims of that") { test in
            try await test.register(1, 2)
            try await test.accept(SampleDevice.verified(1, nonce: 1, serial: "PF0FAKE1", warpIDs: ["w1"]))
            for (hash, device) in [("t", 1), ("u", nil), ("v", 9)] as [(String, Int?)] {
                try expect(try await test.commit(.addToken(token(hash, uses: 1, replaces: device))), is: .committed)
            }
            let snapshot = try await test.store.load(.init(devices: [SampleDevice.id(2)], tokens: ["t", "u", "v"]))
            try expect(Set(snapshot.records.keys), is: [SampleDevice.id(1), SampleDevice.id(2)])
            try expect(snapshot.records[SampleDevice.id(1)], is: try await test.record(1))
            try expect(snapshot.claims.keys.map(\.value).sorted(), is: ["pf0fake1", "w1"])
            try expect(try await test.store.load(.init(tokens: ["u", "none"])).records.isEmpty)
        },
        Rule("a token is used until no use is left, before its end") { test in
            try expect(try await test.commit(.addToken(token("t", uses: 2))), is: .committed)
            let end = token("t", uses: 2).expiresAt
            let last = Timestamp(microseconds: end.microseconds - 1)
            for (time, left, outcome) in [
                (end, 2, .conflict), (last, 1, .committed), (TestedStore.now, 0, .committed),
                (TestedStore.now, 0, .conflict),
            ] as [(Timestamp, Int, CommitOutcome)] {
                try expect(try await test.commit(.useToken(hash: "t", at: time)), is: outcome)
                try expect(try await test.store.tokens(limit: 9).map(\.usesLeft), is: [left])
            }
        },
        Rule("tokens are found by the beginning of their hash, letter by letter, and removed once") { test in
            let hashes = ["ABC_3", "abc_1", "abcx2"]
            for hash in hashes { try expect(try await test.commit(.addToken(token(hash, uses: 1))), is: .committed) }
            func find(_ prefix: String, limit: Int = 2) async throws -> [String] {
                try await test.store.tokens(hashPrefix: prefix, limit: limit).map(\.hash)
            }
            try expect(try await find("abc"), is: ["abc_1", "abcx2"])
            try expect(try await find("abc", limit: 1), is: ["abc_1"])
            try expect(try await find("abc_"), is: ["abc_1"])
            try expect(try await find("abcx2"), is: ["abcx2"])
            for other in ["%", "_", "abcx2~", "abcx22"] { try expect(try await find(other), is: [], other) }
            try expect(try await test.commit(.removeToken(hash: "abc_1")), is: .committed)
            try expect(try await test.commit(.removeToken(hash: "abc_1")), is: .conflict)
            try expect(try await test.commit(.removeToken(hash: "abc")), is: .conflict)
            try expect(try await test.store.tokens(limit: 9).map(\.hash).sorted(), is: ["ABC_3", "abcx2"])
        },
    ]

    static let caRules = [
        Rule("trusted CAs come back as they were written: alone, among others, and oldest first") { test in
            let all = [ca(3, age: 2), ca(2, age: 1), ca(1)]
            for one in all.reversed() { try expect(try await test.commit(.addCA(one, limit: 9)), is: .committed) }
            try expect(try await test.store.cas(), is: all)
            try expect(try await test.store.cas([all[1].id]), is: [all[1]])
            let two = try await test.store.cas([all[0].id, all[2].id, "another"])
            try expect(Set(two.map(\.id)), is: [all[0].id, all[2].id])
            try expect(try await test.store.cas([]), is: [])
            try expect(try await test.store.cas(["", "' OR 1=1 --"]), is: [])
        },
        Rule("a trusted CA is added once for its certificates, up to the limit") { test in
            try expect(try await test.commit(.addCA(ca(1, digest: "same"), limit: 2)), is: .committed)
            try expect(try await test.commit(.addCA(ca(2, digest: "same"), limit: 2)), is: .conflict)
            try expect(
                try await test.commit(.addCA(ca(1, digest: "other"), limit: 2)),
                is: .conflict,
                "the id is taken"
            )
            try expect(try await test.commit(.addCA(ca(2), limit: 2)), is: .committed)
            try expect(try await test.commit(.addCA(ca(3), limit: 2)), is: .conflict)
            try expect(try await test.commit(.removeCA(id: ca(1).id)), is: .committed)
            try expect(try await test.commit(.removeCA(id: ca(1).id)), is: .conflict)
            try expect(try await test.commit(.addCA(ca(3, digest: "same"), limit: 2)), is: .committed)
            try expect(try await test.store.cas(), is: [ca(2), ca(3, digest: "same")])
        },
        Rule("a trusted CA that is removed is in nobody's list any more") { test in
            let second = try await test.open()
            for number in 1...2 { try expect(try await test.commit(.addCA(ca(number), limit: 9)), is: .committed) }
            try expect(try await second.cas().count, is: 2)
            try expect(try await second.commit([.removeCA(id: ca(1).id)]), is: .committed)
            try expect(try await test.store.cas(), is: [ca(2)])
        },
    ]

    static let auditRules = [
        Rule("the audit has an entry for each commit that has one, newest first, and none for what changed nothing") {
            test in
            let entries = (0..<4).map { AuditEntry.test("action \($0)", second: Int64($0)) }
            for (number, entry) in entries.enumerated() {
                let change = Change.addToken(token("hash \(number)", uses: 1))
                try expect(try await test.commit(change, audit: entry), is: .committed)
                try expect(try await test.commit(change, audit: .test("again")), is: .conflict)
            }
            try expect(try await test.commit(.removeToken(hash: "hash 0")), is: .committed)
            try expect(try await test.store.audit(limit: 9, before: nil), is: entries.reversed())
        },
        Rule("the audit comes in pages, the entries of one moment too") { test in
            for second in [0, 0, 0, 1, 1, 2, 3] as [Int64] {
                let entry = AuditEntry.test(second: second)
                try expect(try await test.commit(.setting(name: "test", text: nil), audit: entry), is: .committed)
            }
            var pages: [[AuditEntry]] = []
            repeat {
                pages.append(try await test.store.audit(limit: 2, before: pages.last?.last?.id))
            } while pages.last?.isEmpty == false
            try expect(pages.map(\.count), is: [2, 2, 2, 1, 0])
            let (all, entries) = (try await test.store.audit(limit: 99, before: nil), pages.flatMap { $0 })
            try expect(entries, is: all)
            try expect(entries.map(\.at), is: entries.map(\.at).sorted(by: >))
        },
    ]

    static func item(
        _ serial: String,
        name: String? = nil,
        tag: String? = nil,
        warpID: String? = nil
    ) -> InventoryItem {
        InventoryItem(serial: serial, certificateName: name, tag: tag, warpID: warpID)
    }

    static func importing(_ items: [InventoryItem], replacing: Bool = false, _ test: TestedStore) async throws
        -> CommitOutcome
    {
        try await test.commit(.importInventory(items, replacing: replacing, at: TestedStore.now))
    }

    static func token(_ hash: String, uses: Int, age: Int64 = 0, replaces: Int? = nil) -> EnrolmentToken {
        EnrolmentToken(
            hash: hash,
            createdAt: TestedStore.now.adding(seconds: -age),
            expiresAt: TestedStore.now.adding(seconds: 3600),
            usesLeft: uses,
            createdBy: "alice",
            replaces: replaces.map(SampleDevice.id)
        )
    }

    static func ca(_ number: Int, digest: String? = nil, age: Int64 = 0) -> StoredCA {
        StoredCA(
            id: "00000000-0000-4000-8000-00000000000\(number)",
            name: "läptops \"\(number)\"; DROP TABLE trusted_ca",
            certificates: "PEM \(number)\n",
            digest: digest ?? "digest \(number)",
            addedAt: TestedStore.now.adding(seconds: -age)
        )
    }
}
