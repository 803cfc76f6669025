internal import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import TestSupport

extension StoreConformance {
    static let revocationRules = [
        Rule("a list of revoked certificates is kept for each issuer, and never goes back") { test in
            try expect(try await test.store.crls(), is: [])
            for (list, kept) in [
                (crl("a", 5), crl("a", 5)), (crl("a", 4), crl("a", 5)), (crl("a", 5, 9), crl("a", 5)),
                (crl("b", 1, 9), crl("b", 1, 9)), (crl("a", 6), crl("a", 6)), (crl("a", 5), crl("a", 6)),
            ] {
                try expect(try await test.store.keep(list), is: kept)
                let all = try await test.store.crls()
                try expect(all.filter { $0.issuerKey == list.issuerKey }, is: [kept])
            }
            let second = try await test.open()
            try expect(Set(try await second.crls().map(\.issuerKey)), is: ["a", "b"])
            try expect(try await second.keep(crl("b", 0)), is: crl("b", 1, 9), "by whichever scorer")
        },
        Rule("a list of revoked certificates comes back byte by byte, a large one too") { test in
            let list = StoredCRL(
                issuerKey: "issuer",
                thisUpdate: Timestamp(microseconds: 7),
                der: (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            )
            try expect(try await test.store.keep(list) == list)
            try expect(try await test.store.crls() == [list])
        },
    ]

    static func crl(_ issuer: String, _ second: Int64, _ byte: UInt8 = 1) -> StoredCRL {
        StoredCRL(
            issuerKey: issuer,
            thisUpdate: TestedStore.now.adding(seconds: second),
            der: [UInt8](repeating: byte, count: 9) + [UInt8(second)]
        )
    }
}
