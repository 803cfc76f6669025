@_spi(Verifying) import PostureModel
import ScorerStore
import ScorerTestSupport
import TestSupport
import Testing

@testable import DeviceIdentity
@testable import SQLiteStore
@testable import ScorerCore
@testable import ScorerModel

/// Fleets made up at random: machines that say what is so, and then machines that claim what they like of the others.
@Suite("In a fleet with clones, junk and hostile claims")
struct HostileFleetTests {
    /// What a machine is.
    struct Machine {
        var device: DeviceID
        var warp: String?
        var serial: String
        var mac: String
        var host: String
        var verdicts: [CheckVerdict]

        var row: PostureRow {
            PostureRow(deviceID: warp ?? "unreported-\(host)", serialNumber: serial, macAddress: mac, hostname: host)
        }

        func report(
            nonce: Int64,
            serial: String? = nil,
            warp: [String]? = nil,
            host: String? = nil,
            macs: [String]? = nil
        )
            -> VerifiedReport
        {
            let none = Observation<String>.notApplicable(reason: "a test")
            let facts = Facts(
                serials: SerialNumbers(
                    product: .observed(SerialNumber(serial ?? self.serial)),
                    board: .unreadable(reason: "a test"),
                    chassis: .unreadable(reason: "a test")
                ),
                macs: .observed((macs ?? [mac]).compactMap(HostileFleetTests.address)),
                kernelHostname: .observed(host ?? self.host),
                staticHostname: none,
                warpIPv4: .notApplicable(reason: "a test"),
                osRelease: .observed(OSRelease(id: "debian")),
                kernelRelease: none,
                machineID: none,
                bootID: none
            )
            let report = Report(
                device: device,
                audience: "https://scorer.acme.test",
                agent: "postured/test",
                collectedAt: TestClock.start,
                facts: facts,
                warpIDs: warp ?? [self.warp].compactMap { $0 },
                checks: []
            )
            guard let payload = try? Wire.encode(report) else { preconditionFailure("a report can be encoded") }
            let issued = Timestamp(microseconds: TestClock.start.microseconds + nonce)
            return VerifiedReport(report: report, payload: payload, checks: verdicts, nonceIssuedAt: issued)
        }
    }

    static func address(_ text: String) -> MACAddress? {
        let octets = text.split(separator: ":").compactMap { UInt8($0, radix: 16) }
        return MACAddress(octets: octets, interface: "eth0", source: .permanent)
    }

    static func id(_ number: Int) -> DeviceID {
        guard let id = DeviceID(rawValue: Base64URL.encode([UInt8](repeating: UInt8(number), count: 32))) else {
            preconditionFailure("32 bytes make an id")
        }
        return id
    }

    /// A machine with junk, a common or a good serial number, with or without WARP and a proven certificate.
    static func machine(_ number: Int, _ random: inout SeededGenerator) -> Machine {
        let hex = String(number, radix: 16)
        let junk = Int.random(in: 0..<6, using: &random) == 0
        let isProven = Bool.random(using: &random)
        let serial = junk ? "Default string" : "PF0FAKE\(number)"
        let verdict = CheckVerdict(
            id: "corp",
            level: .proven,
            reason: "",
            bound: Bool.random(using: &random) ? ["serial_number": serial] : [:],
            commonName: "m-\(number)"
        )
        return Machine(
            device: id(number),
            warp: Int.random(in: 0..<3, using: &random) == 0 ? nil : "warp-\(number)",
            serial: serial,
            mac: "00:00:5e:00:53:\(hex.count == 1 ? "0" : "")\(hex)",
            host: Int.random(in: 0..<5, using: &random) == 0 ? "ubuntu" : "host-\(number)",
            verdicts: isProven ? [verdict] : []
        )
    }

    @Test("no device ever gets another's score, and who was there first keeps its own", arguments: 0..<40)
    func borrowing(seed: Int) async throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let directory = try TemporaryDirectory("fleet")
        let store = try SQLiteStore(path: directory.file("scorer.sqlite"))
        let honest = (1...12).map { Self.machine($0, &random) }
        // What is as good a machine as they are, and says what it likes; it has proven nothing that they have not.
        let hostile = (13...18).map { number in
            var machine = Self.machine(number, &random)
            machine.verdicts = []
            machine.host = "hostile-\(number)"
            return machine
        }
        for machine in honest + hostile {
            let key = JWK.ec(curve: .p256, x: [UInt8](repeating: 1, count: 32), y: [UInt8](repeating: 2, count: 32))
            let record = DeviceRecord(
                device: machine.device,
                key: key,
                registeredAt: TestClock.start,
                registeredBy: .certificate(fingerprint: "leaf")
            )
            #expect(try await store.commit([.device(record)]) == .committed)
        }
        var nonce: Int64 = 0
        func accept(_ report: VerifiedReport) async throws {
            nonce += 1
            let now = TestClock.start.adding(seconds: nonce)
            try await store.ingest(report, at: now)
        }
        for machine in honest { try await accept(machine.report(nonce: nonce + 1)) }
        func answers() async throws -> [DeviceID?] {
            try await (honest + hostile).map(\.row).asyncMap { row in try await Self.owner(of: row, in: store) }
        }
        let before = try await answers().prefix(honest.count)
        for _ in 0..<30 {
            guard let liar = hostile.randomElement(using: &random), let victim = honest.randomElement(using: &random)
            else {
                continue
            }
            try await accept(
                liar.report(
                    nonce: nonce + 1,
                    serial: Bool.random(using: &random) ? victim.serial : nil,
                    warp: [liar.warp, Bool.random(using: &random) ? victim.warp : nil].compactMap { $0 },
                    host: Bool.random(using: &random) ? victim.host : nil,
                    macs: Bool.random(using: &random) ? [liar.mac, victim.mac] : nil
                )
            )
            if Bool.random(using: &random), let machine = honest.randomElement(using: &random) {
                try await accept(machine.report(nonce: nonce + 1))
            }
        }
        let after = try await answers()
        for (machine, found) in zip(honest + hostile, after) {
            #expect(
                found == nil || found == machine.device,
                "\(machine.row) is answered for \(String(describing: found))"
            )
        }
        #expect(after.prefix(honest.count).elementsEqual(before), "what was theirs was taken away")
    }

    /// Whom a row is answered for.
    static func owner(of row: PostureRow, in store: SQLiteStore) async throws -> DeviceID? {
        let keys = [Identifier(.warp, row.deviceID), Identifier(.serial, row.serialNumber)]
        let snapshot = try await store.load(.init(identifiers: Set(keys.compactMap { $0 }), claimants: 4))
        let claimants = try keys.map { key in
            try (key.map { snapshot.claims(to: $0).claims } ?? []).filter { $0.strength > .contradicted }.prefix(4)
                .compactMap { claim in
                    try snapshot.records[claim.device].flatMap { record in
                        try record.newest.map {
                            Claimant(record: record, report: try $0.verified().report, claim: claim)
                        }
                    }
                }
        }
        switch match(row, byWARPID: claimants[0], bySerial: claimants[1]) {
        case .byWARPID(let device), .bySerial(let device, _): return device
        case .none: return nil
        }
    }
}

extension Array {
    fileprivate func asyncMap<T>(_ transform: (Element) async throws -> T) async rethrows -> [T] {
        var values: [T] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
