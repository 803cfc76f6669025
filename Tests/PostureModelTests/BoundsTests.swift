import Foundation
import TestSupport
import Testing

@testable import PostureModel

/// The bounds of what a device sends.
///
/// What is not bounded here is stored as it came, be it as long as a message may be.
@Suite("Each member of a report")
struct BoundsTests {
    /// A value of JSON, to be changed wherever it stands.
    indirect enum JSON: Equatable {
        case text(String)
        case number(NSNumber)
        case list([JSON])
        case object([String: JSON])

        init(_ value: Any) {
            switch value {
            case let text as String: self = .text(text)
            case let list as [Any]: self = .list(list.map(JSON.init))
            case let object as [String: Any]: self = .object(object.mapValues(JSON.init))
            default: self = .number(value as? NSNumber ?? 0)
            }
        }

        var value: Any {
            switch self {
            case .text(let text): text
            case .number(let number): number
            case .list(let list): list.map(\.value)
            case .object(let object): object.mapValues(\.value)
            }
        }

        /// Everything that stands somewhere in it changed, one thing at a time, with the member that it is in.
        func changes(at path: [String] = []) -> [(member: String, changed: JSON)] {
            let member = path.filter { !Self.cases.contains($0) }.joined(separator: ".")
            switch self {
            case .text: return [(member, .text(BoundsTests.long)), (member, .text(BoundsTests.wide))]
            case .number: return [(member, .number(NSNumber(value: Int64.max)))]
            case .list(let list):
                let more = list.first.map { [(member, JSON.list([JSON](repeating: $0, count: 500)))] } ?? []
                return more
                    + list.indices.flatMap { index in
                        list[index].changes(at: path).map { change in
                            var list = list
                            list[index] = change.changed
                            return (change.member, .list(list))
                        }
                    }
            case .object(let object):
                let names = Self.hasFreeNames(member) ? [(member, named(BoundsTests.long)), (member, crowded)] : []
                return names
                    + object.flatMap { name, value in
                        value.changes(at: Self.hasFreeNames(member) ? path : path + [name]).map { change in
                            var object = object
                            object[name] = change.changed
                            return (change.member, .object(object))
                        }
                    }
            }
        }

        /// The words that say which case of an observation or a finding it is.
        private static let cases = ["observed", "not_applicable", "unreadable", "found", "not_found"]

        private static func hasFreeNames(_ member: String) -> Bool {
            ["disks", "firewall_active", "access_control"].map { "facts.posture.\($0)" }.contains(member)
        }

        private func named(_ name: String) -> JSON {
            guard case .object(var object) = self, let value = object.values.first else { return self }
            object[name] = value
            return .object(object)
        }

        private var crowded: JSON {
            guard case .object(var object) = self, let value = object.values.first else { return self }
            for number in 0..<500 { object["\(number)"] = value }
            return .object(object)
        }
    }

    static let long = String(repeating: "x", count: 24_000)
    /// One character for a person, with as many scalars.
    static let wide = "e" + String(repeating: "\u{301}", count: 10_000)

    /// Everything that can be observed is, once; and everything else that a report may say.
    static func reports() throws -> [Report] {
        let hash = String(repeating: "A", count: 43)
        var report = try ReportWireTests.report()
        report.facts.serials.board = .observed(SerialNumber("B0ARD"))
        report.facts.serials.chassis = .observed(SerialNumber("CHA551S"))
        report.facts.warpIPv4 = .observed(["100.96.0.1"])
        report.facts.machineID = .observed("0123456789abcdef0123456789abcdef")
        report.facts.posture.secureBoot = .observed(.enabled)
        report.facts.posture.rebootRequired = .observed(false)
        let keys: [PrivateKeyPresence] = [.present, .absent, .unreadable(reason: "locked")]
        report.checks = keys.map { key in
            let found = FoundCertificate(fingerprint: hash, privateKey: key, isKeyShared: true, chain: [[1, 2, 3]])
            return CheckFinding(id: "corp", certificate: .found(found))
        }
        var other = try ReportWireTests.report()
        let none = Observation<String>.unreadable(reason: "nobody looked")
        other.facts = Facts(
            serials: SerialNumbers(
                product: .notApplicable(reason: "none"),
                board: .notApplicable(reason: "none"),
                chassis: .notApplicable(reason: "none")
            ),
            macs: .notApplicable(reason: "none"),
            kernelHostname: none,
            staticHostname: none,
            warpIPv4: .unreadable(reason: "nobody looked"),
            osRelease: .unreadable(reason: "nobody looked"),
            kernelRelease: none,
            machineID: none,
            bootID: none,
            uptime: .unreadable(reason: "nobody looked"),
            posture: .unreadable("nobody looked")
        )
        other.checks = [
            CheckFinding(id: "a", certificate: .notFound(reason: "none")),
            CheckFinding(id: "b", certificate: .unreadable(reason: "denied")),
        ]
        return [report, other]
    }

    static func json(_ report: Report) throws -> JSON {
        JSON(try JSONSerialization.jsonObject(with: Data(Wire.encode(report))))
    }

    @Test("is within its bound in a report as agents send it, and then nothing is mended")
    func honest() throws {
        for report in try Self.reports() {
            #expect(report.excess == nil)
            #expect(report.bounded == report)
        }
    }

    @Test("is refused by its name beyond its bound, or has one form alone, so that nothing long is ever kept")
    func beyond() throws {
        for report in try Self.reports() {
            let kept = try Wire.encode(report).count
            let changes = try Self.json(report).changes()
            #expect(changes.count > 60)
            for (member, changed) in changes {
                let bytes = [UInt8](try JSONSerialization.data(withJSONObject: changed.value))
                guard let read = try? Wire.decode(Report.self, from: bytes), read.schema == Report.schema else {
                    continue
                }
                if let excess = read.excess {
                    #expect(excess.member == member)
                } else {
                    #expect(try Wire.encode(read).count < kept + 200, "'\(member)' has no bound")
                }
            }
        }
    }

    @Test("is mended by the agent before it is sent, by saying that it is unreadable or by cutting words")
    func mended() throws {
        for report in try Self.reports() {
            for (member, changed) in try Self.json(report).changes() {
                let bytes = [UInt8](try JSONSerialization.data(withJSONObject: changed.value))
                // Of its own configuration the agent makes no other, and it stores no receipt that is beyond its bound.
                guard !["audience", "checks.id", "receipt"].contains(member),
                    let read = try? Wire.decode(Report.self, from: bytes)
                else { continue }
                #expect(read.bounded.excess == nil, "\(member)")
                #expect(try Wire.encode(read.bounded).count < Wire.encode(report).count + 24_000, "\(member)")
            }
        }
        var report = try ReportWireTests.report()
        report.facts.bootID = .observed(Self.long)
        report.facts.posture.disks = .observed([Self.long: .yes, "/": .yes])
        report.facts.kernelRelease = .unreadable(reason: Self.long)
        let mended = report.bounded
        for observation in [mended.facts.bootID.value, mended.facts.posture.disks.value.map { _ in "" }] {
            #expect(observation == nil, "what cannot be sent is never a pass")
        }
        #expect(mended.facts.kernelRelease == .unreadable(reason: String(repeating: "x", count: 1000)))
        // Its fingerprints are none.
        guard case .unreadable(let reason) = mended.checks.first?.certificate else { throw CancellationError() }
        #expect(reason.contains("checks.certificate.sha256"))
    }

    @Test("has the form that its name promises")
    func forms() throws {
        func excess(_ change: (inout Report) -> Void) throws -> String? {
            var report = try #require(Self.reports().first)
            change(&report)
            return report.excess?.member
        }
        let boots = [
            "", "b0071d00-0000-4000-8000-00000000000", "b0071d00-0000-4000-8000-00000000000G",
            "B0071D00-0000-4000-8000-000000000001", "b0071d00000040008000000000000001",
            "{b0071d00-0000-4000-8000-000000000001}",
            "b0071d00-0000-4000-8000-000000000001\n",
        ]
        for boot in boots { #expect(try excess { $0.facts.bootID = .observed(boot) } == "facts.boot_id", "\(boot)") }
        for id in ["", "m", "0123456789abcdef0123456789abcde", "0123456789ABCDEF0123456789ABCDEF"] {
            #expect(try excess { $0.facts.machineID = .observed(id) } == "facts.machine_id", "\(id)")
        }
        for address in ["", "1.2.3", "1.2.3.256", "1.2.3.4.5", "1.2.3.0004", "::1", "1.2.3.+4"] {
            #expect(try excess { $0.facts.warpIPv4 = .observed([address]) } == "facts.warp_ipv4", "\(address)")
        }
        func warp(_ ids: [String]) -> Observation<WARPIDs> {
            .observed(WARPIDs(ids: ids, readAt: Timestamp(seconds: 1)))
        }
        for ids in [[""], [String](repeating: "w", count: 9), [String(repeating: "w", count: 129)]] {
            #expect(try excess { $0.warpIDs = warp(ids) } == "warp_ids.ids")
        }
        let longest = [String](repeating: String(repeating: "w", count: 128), count: 8)
        #expect(try excess { $0.warpIDs = warp(longest) } == nil)
        for receipt in [nil, "", String(repeating: "ü", count: 64)] {
            #expect(try excess { $0.receipt = receipt } == nil)
        }
        #expect(try excess { $0.receipt = String(repeating: "r", count: 65) } == "receipt")
        for seconds in [0, 10_000_000_000] as [Int64] {
            #expect(try excess { $0.facts.uptime = .observed(seconds) } == nil)
        }
        for seconds in [-1, 10_000_000_001, .max, .min] as [Int64] {
            #expect(try excess { $0.facts.uptime = .observed(seconds) } == "facts.uptime")
        }
        #expect(try excess { $0.facts.kernelHostname = .observed(String(repeating: "ü", count: 256)) } == nil)
        #expect(
            try excess { $0.facts.kernelHostname = .observed(String(repeating: "ü", count: 257)) }
                == "facts.kernel_hostname"
        )
    }

    @Test("of a registration and of a header is refused by its name, too")
    func others() throws {
        let device = try ReportWireTests.report().device
        var registration = Registration(device: device, audience: "https://scorer.acme.test", token: "pet_x")
        #expect(registration.excess == nil)
        registration.token = Self.long
        #expect(registration.excess?.member == "token")
        registration.audience = Self.long
        #expect(registration.excess?.member == "audience")
        var retirement = Retirement(device: device, audience: "https://scorer.acme.test")
        #expect(retirement.excess == nil)
        retirement.audience = Self.long
        #expect(retirement.excess?.member == "audience")
        let key = JWK.ec(curve: .p256, x: [UInt8](repeating: 1, count: 32), y: [UInt8](repeating: 2, count: 32))
        var replacement = KeyReplacement(device: device, audience: "https://scorer.acme.test", key: key)
        #expect(replacement.excess == nil)
        replacement.audience = Self.long
        #expect(replacement.excess?.member == "audience")
        func excess(_ change: (inout ProtectedHeader) -> Void) -> String? {
            var header = ProtectedHeader(alg: .es256, typ: .report, url: "u", nonce: "n", role: "device")
            change(&header)
            return header.excess?.member
        }
        #expect(excess { _ in } == nil)
        #expect(excess { $0.url = Self.long } == "url")
        #expect(excess { $0.nonce = Self.long } == "nonce")
        #expect(excess { $0.role = Self.long } == "role")
        #expect(excess { $0.role = "a b" } == "role")
        #expect(excess { $0.kid = Self.long } == "kid")
        #expect(excess { $0.x5t = Self.long } == "x5t#S256")
    }

    @Test("stands with its bound in docs/wire-format.md")
    func documented() throws {
        let path = URL(filePath: #filePath).appending(path: "../../../docs/wire-format.md").standardized
        let text = String(decoding: try Data(contentsOf: path), as: UTF8.self)
        let device = try ReportWireTests.report().device
        var header = ProtectedHeader(alg: .es256, typ: .report, url: "", nonce: "", role: "")
        (header.kid, header.x5t) = ("", "")
        let tables = [
            header.inspector.seen, Registration(device: device, audience: "", token: nil).inspector.seen,
            Retirement(device: device, audience: "").inspector.seen,
            KeyReplacement(device: device, audience: "", key: .ec(curve: .p256, x: [], y: [])).inspector.seen,
            try Self.reports().flatMap { $0.inspected(mends: false).inspector.seen },
        ]
        for rows in tables.map(Self.rows) {
            let missing = rows.filter { !text.contains($0) }
            #expect(missing.isEmpty, "docs/wire-format.md lacks:\n\(rows.joined(separator: "\n"))")
        }
    }

    /// The lines of a table, one for each member: its bounds, and of a list what each of its entries is.
    static func rows(_ seen: [(member: String, bound: String)]) -> [String] {
        var (members, bounds): ([String], [String: [String]]) = ([], [:])
        for (member, bound) in seen {
            if bounds[member] == nil { members.append(member) }
            if bounds[member]?.contains(bound) != true { bounds[member, default: []].append(bound) }
        }
        return members.map { "| `\($0)` | \(bounds[$0, default: []].joined(separator: "; ")) |" }
    }
}
