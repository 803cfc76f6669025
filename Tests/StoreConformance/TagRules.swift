internal import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import TestSupport

extension StoreConformance {
    static let tagRules = [
        Rule("a device's tags come back with their origins, and each is there once") { test in
            try await test.register(1, 2)
            try expect(try await importing([item("pf1", tag: "it"), item("pf2", tag: "it")], test), is: .committed)
            let tags: Set = [
                DeviceTag("it", .operators), DeviceTag("it", .certificate), DeviceTag("it", .inventory(serial: "pf1")),
                DeviceTag("it", .inventory(serial: "pf2")), DeviceTag("läptop \"1\"'", .certificate),
            ]
            for _ in 1...2 {
                try expect(try await test.commit(.tag(SampleDevice.id(1), Array(tags))), is: .committed)
                try expect(try await test.record(1).tags, is: tags)
            }
            try expect(try await test.record(2).tags, is: [])
            try await test.accept(SampleDevice.verified(1, nonce: 1))
            try expect(try await test.store.records(after: nil, limit: 9).map(\.tags), is: [tags])
            try expect(try await test.commit(.tag(SampleDevice.id(1), [])), is: .committed)
        },
        Rule("tags are taken away by their names, whatever their origins, and from one device") { test in
            try await test.register(1, 2)
            let tags = [DeviceTag("it", .operators), DeviceTag("it", .certificate), DeviceTag("dev", .operators)]
            for number in 1...2 {
                try expect(try await test.commit(.tag(SampleDevice.id(number), tags)), is: .committed)
            }
            try expect(try await test.commit(.untag(SampleDevice.id(1), names: ["it", "none"])), is: .committed)
            try expect(try await test.record(1).tags, is: [tags[2]])
            try expect(try await test.record(2).tags, is: Set(tags))
            try expect(try await test.commit(.untag(SampleDevice.id(9), names: ["it"])), is: .committed)
        },
        Rule("a tag by the inventory is given while the line gives it") { test in
            try await test.register(1)
            func give(_ name: String, _ serial: String) async throws -> CommitOutcome {
                try await test.commit(.tag(SampleDevice.id(1), [DeviceTag(name, .inventory(serial: serial))]))
            }
            try expect(try await importing([item("pf1", tag: "it"), item("pf2")], test), is: .committed)
            try expect(try await give("dev", "pf1"), is: .conflict)
            try expect(try await give("it", "pf2"), is: .conflict)
            try expect(try await give("it", "pf3"), is: .conflict)
            try expect(try await test.record(1).tags, is: [])
            try expect(try await give("it", "pf1"), is: .committed)
        },
        Rule("an import that drops a tag takes it from the devices that have it by this line, and from no others") {
            test in
            let serials = ["pf1", "pf2", "pf3"]
            let given = serials.map { DeviceTag("it", .inventory(serial: $0)) }
            let others = [DeviceTag("it", .operators), DeviceTag("it", .certificate)]
            for (lines, left) in [
                ([item("pf1", tag: "dev")], ["pf2", "pf3"]), ([item("pf1")], ["pf2", "pf3"]),
                ([item("pf1", name: "a.test", tag: "it")], serials), ([item("pf9", tag: "dev")], serials),
                ([], serials),
            ] {
                try await prepare(test, serials, given + others)
                try expect(try await importing(lines, test), is: .committed)
                let expected = Set(left.map { DeviceTag("it", .inventory(serial: $0)) } + others)
                for number in 1...2 { try expect(try await test.record(number).tags, is: expected, "\(lines)") }
            }
        },
        Rule("an import in place of all lines takes the tags of those that are gone") { test in
            let serials = ["pf1", "pf2", "pf3"]
            let given = serials.map { DeviceTag("it", .inventory(serial: $0)) }
            let other = DeviceTag("it", .operators)
            for (lines, left) in [
                ([item("pf1", tag: "it"), item("pf2", tag: "dev"), item("pf4", tag: "it")], ["pf1"]), ([], []),
            ] {
                try await prepare(test, serials, given + [other])
                try expect(try await importing(lines, replacing: true, test), is: .committed)
                let expected = Set(left.map { DeviceTag("it", .inventory(serial: $0)) } + [other])
                for number in 1...2 { try expect(try await test.record(number).tags, is: expected, "\(lines)") }
            }
        },
        Rule("an import that is refused takes no tags") { test in
            let tag = DeviceTag("it", .inventory(serial: "pf1"))
            try await prepare(test, ["pf1"], [tag])
            let many = (0...InventoryItem.limit).map { item("serial\($0)") }
            try expect(try await importing(many, replacing: true, test), is: .conflict)
            try expect(try await test.record(1).tags, is: [tag])
        },
        Rule("a device has so many tags at most, and those of certificates leave room for others") { test in
            try await test.register(1, 2)
            func tags(_ count: Int, _ origin: DeviceTag.Origin) -> [DeviceTag] {
                (0..<count).map { DeviceTag("tag \($0)", origin) }
            }
            let id = SampleDevice.id(1)
            try expect(try await test.commit(.tag(id, tags(99, .certificate))), is: .committed)
            try expect(try await test.record(1).tags, is: Set(tags(DeviceTag.certificateLimit, .certificate)))
            try expect(try await test.commit(.tag(id, tags(99, .operators))), is: .committed)
            let all = try await test.record(1).tags
            try expect(all.count, is: DeviceTag.limit)
            try expect(all.isSuperset(of: tags(DeviceTag.limit - DeviceTag.certificateLimit, .operators)))
            try expect(try await test.commit(.tag(id, [DeviceTag("more", .operators)])), is: .committed)
            try expect(try await test.record(1).tags, is: all, "what is beyond is left out")
            try expect(try await test.commit(.untag(id, names: ["tag 0"])), is: .committed)
            try expect(try await test.commit(.tag(id, [DeviceTag("more", .operators)])), is: .committed)
            try expect(try await test.record(1).tags.contains(DeviceTag("more", .operators)))
            try expect(try await test.commit(.tag(SampleDevice.id(2), tags(3, .operators))), is: .committed)
            try expect(try await test.record(2).tags.count, is: 3)
        },
    ]

    /// Registers two devices and gives them these tags, by lines of the inventory that give the tag `it`.
    private static func prepare(_ test: TestedStore, _ serials: [String], _ tags: [DeviceTag]) async throws {
        try await test.register(1, 2)
        let lines = serials.map { item($0, tag: "it") }
        try expect(try await importing(lines, replacing: true, test), is: .committed)
        for number in 1...2 {
            let id = SampleDevice.id(number)
            try expect(try await test.commit(.untag(id, names: ["it"]), .tag(id, tags)), is: .committed)
        }
    }
}
