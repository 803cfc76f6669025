internal import PostureModel
internal import ScorerModel
internal import ScorerStore
internal import TestSupport

extension StoreConformance {
    static let nameRules = [
        Rule("a device is found by each serial number of its newest report, that of product, board or chassis") {
            test in
            try await test.register(1)
            var facts = SampleDevice.facts(serial: .observed(SerialNumber("Default string")))
            facts.serials.board = .observed(SerialNumber("PF0FAKE2"))
            facts.serials.chassis = .observed(SerialNumber("Pf0Fake3"))
            try await test.accept(SampleDevice.verified(SampleDevice.report(1, facts: facts), nonce: 1))
            for (key, names) in [("pf0fake2", ["PF0FAKE2"]), ("pf0fake3", ["Pf0Fake3"]), ("default string", [])] {
                try expect(try await find(test, key, .serial), is: names.isEmpty ? [] : [.init(1, names)], key)
                try expect(try await find(test, key, .hostname), is: [])
            }
            try await test.accept(SampleDevice.verified(1, nonce: 2, serial: "PF0FAKE4"))
            try expect(try await find(test, "pf0fake2", .serial), is: [], "that was another report")
            try expect(try await find(test, "pf0fake4", .serial), is: [.init(1, ["PF0FAKE4"])])
            try await test.accept(SampleDevice.verified(1, nonce: 3, serial: "PF0FAKE5"))
            try expect(try await find(test, "pf0fake4", .serial), is: [], "that was one as long")
            try expect(try await find(test, "pf0fake5", .serial), is: [.init(1, ["PF0FAKE5"])])
        },
        Rule("a device is found by the first label of its host names, which come in full") { test in
            let hostnames = ["laptop-7", "Laptop-7.A.test", "laptop-7.b.test", "10.0.0.5"]
            for (number, hostname) in zip(1..., hostnames) {
                try await test.register(number)
                try await test.accept(SampleDevice.verified(number, nonce: 1, hostname: hostname))
            }
            let found = try await find(test, "laptop-7", .hostname)
            try expect(
                found,
                is: [.init(1, ["laptop-7"]), .init(2, ["Laptop-7.A.test"]), .init(3, ["laptop-7.b.test"])]
            )
            try expect(try await find(test, "10.0.0.5", .hostname), is: [.init(4, ["10.0.0.5"])])
            for key in ["", "10", "laptop", "Laptop-7", "laptop-7.a.test", "%", "_aptop-7"] {
                try expect(try await find(test, key, .hostname), is: [], key)
            }
        },
        Rule("a device with two names of one key is one device, with both") { test in
            for number in 1...3 {
                try await test.register(number)
                var facts = SampleDevice.facts(
                    kernelHostname: .observed("laptop-7"),
                    staticHostname: .observed("laptop-7.a.test")
                )
                facts.serials.board = .observed(SerialNumber("pf0fake1"))
                try await test.accept(SampleDevice.verified(SampleDevice.report(number, facts: facts), nonce: 1))
            }
            for limit in 1...4 {
                for (key, kind, names) in [
                    ("laptop-7", .hostname, ["laptop-7", "laptop-7.a.test"]),
                    ("pf0fake1", .serial, ["PF0FAKE1", "pf0fake1"]),
                ] as [(String, DeviceName.Kind, [String])] {
                    let found = try await find(test, key, kind, limit: limit)
                    try expect(found, is: (1...3).prefix(limit).map { .init($0, names) }, "\(limit)")
                }
            }
        },
        Rule("a blocked serial number finds the devices that have it, and those that were blocked for it") { test in
            try await test.register(1, 2, 3)
            try await test.accept(SampleDevice.verified(1, nonce: 1, serial: "PF0FAKE1"))
            try await test.accept(SampleDevice.verified(2, nonce: 1, serial: "PF0FAKE2"))
            let change = Change.block(block(.serial, "pf0fake1", of: 2))
            try expect(try await test.commit(change), is: .committed)
            let found = try await find(test, "pf0fake1", .serial)
            try expect(found, is: [.init(1, ["PF0FAKE1"]), .init(2, ["pf0fake1"])])
            try expect(try await find(test, "pf0fake1", .hostname), is: [])
        },
    ]

    private struct Found: Equatable {
        let device: DeviceID
        let names: [String]

        init(_ number: Int, _ names: [String]) { (device, self.names) = (SampleDevice.id(number), names) }

        init(_ found: FoundDevice) { (device, names) = (found.summary.device, found.names.sorted()) }
    }

    private static func find(
        _ test: TestedStore,
        _ key: String,
        _ kind: DeviceName.Kind,
        limit: Int = 9
    ) async throws -> [Found] {
        try await test.store.devices(named: key, kind, limit: limit).map(Found.init)
    }
}
