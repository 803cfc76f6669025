internal import OpenSSLBridge
internal import PostureModel
internal import TestSupport

/// Some machines of the fleet, which go into the store together.
///
/// Ids, serial numbers, host names and WARP ids are in order each, beginning somewhere: so a transaction writes neighbouring
/// rows of each index, while the fleet as a whole is as mixed as one that registered in any order.
struct MachineBatch: Sendable {
    var machines: [SampleMachine] = []
    /// Machines of earlier batches, which some of these were until they were installed anew.
    private let earlier: [SampleMachine]
    private let fleet: SampleFleet
    private var generator: SeededGenerator

    private static let uppercase = Array("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ".utf8)
    private static let lowercase = Array("0123456789abcdefghijkmnpqrstuvwxyz".utf8)

    init(_ number: Int, of count: Int, in fleet: SampleFleet, earlier: [SampleMachine]) throws {
        (self.fleet, self.earlier) = (fleet, earlier)
        generator = SeededGenerator(seed: fleet.seed &+ UInt64(number) &* 0xD134_2543_DE82_EF95)
        let keys = (0..<count).map { _ in JWK.ec(curve: .p256, x: generator.bytes(32), y: generator.bytes(32)) }
            .map { (key: $0, id: Base64URL.encode(Digest.sha256($0.thumbprintInput))) }
            .sorted { $0.id < $1.id }
        let serials = inOrder(count) { "PF" + $0.text(8, of: Self.uppercase) }
        let hostnames = inOrder(count) { $0.pick(["ber", "muc", "nyc", "sfo"]) + "-" + $0.text(7, of: Self.lowercase) }
        let warpIDs = inOrder(count) { $0.uuid() }
        machines.reserveCapacity(count)
        for (index, key) in keys.enumerated() {
            guard let device = DeviceID(rawValue: key.id) else { continue }
            machines.append(try machine(key.key, device, serials[index], hostnames[index], warpIDs[index]))
        }
    }

    private mutating func inOrder(_ count: Int, _ value: (inout SeededGenerator) -> String) -> [String] {
        let sorted = (0..<count).map { _ in value(&generator) }.sorted()
        let start = Int.random(in: 0..<count, using: &generator)
        return Array(sorted[start...] + sorted[..<start])
    }

    private mutating func machine(
        _ key: JWK,
        _ device: DeviceID,
        _ ownSerial: String,
        _ ownHostname: String,
        _ warpID: String
    ) throws -> SampleMachine {
        var (serial, shortName) = (ownSerial, ownHostname)
        if !earlier.isEmpty, generator.chance(perMille: 3) {
            let before = generator.pick(earlier)
            (serial, shortName) = (before.serial, String(before.hostname.prefix { $0 != "." }))
        } else if generator.chance(perMille: 20) {
            serial = generator.pick(["To be filled by O.E.M.", "Default string", "System Serial Number", "0"])
        } else if fleet.count >= 1000, Int.random(in: 0..<20_000, using: &generator) == 0 {
            shortName = generator.pick(["debian", "ubuntu", "thinkpad"])
        }
        let hostname = shortName + (generator.chance(perMille: 400) ? ".corp.example.com" : "")
        let firstHostname = generator.chance(perMille: 50) ? "setup-\(ownHostname)" : hostname
        var warpIDs = generator.chance(perMille: 60) ? [] : [warpID]
        if generator.chance(perMille: 50) { warpIDs.append(generator.uuid()) }
        let life = life()
        let certificate = certificate(serial, hostname, registeredAt: life.registeredAt)
        let system = Int.random(in: OperatingSystems.all.indices, using: &generator)
        let finding: CheckFinding.Finding =
            certificate.verdict.level == .none
            ? .notFound(reason: "no certificate in the database meets the check")
            : .found(FoundCertificate(fingerprint: certificate.fingerprint, privateKey: .present))
        let last = life.reports.last
        let collectedAt = last?.receivedAt.adding(seconds: -1) ?? fleet.now
        let report = Report(
            device: device,
            audience: "https://posture.example.com",
            agent: generator.chance(perMille: 900) ? "postured/0.1.0" : "postured/0.0.9",
            collectedAt: collectedAt,
            facts: MachineReport.facts(
                serial: serial,
                hostname: hostname,
                boot: last?.boot ?? "",
                uptime: Int64.random(in: 60..<900_000, using: &generator),
                system: system,
                using: &generator
            ),
            warpIDs: MachineReport.warpIDs(warpIDs, at: collectedAt, using: &generator),
            checks: [CheckFinding(id: fleet.check, certificate: finding)]
        )
        return SampleMachine(
            key: key,
            device: device,
            serial: serial,
            hostname: hostname,
            firstHostname: firstHostname,
            warpIDs: warpIDs,
            life: life,
            certificate: certificate,
            report: report,
            payload: last == nil ? [] : try Wire.encode(report)
        )
    }

    /// Of a hundred machines ninety reported within the last five minutes, and one never did.
    private mutating func life() -> MachineLife {
        let day: Int64 = 86_400
        let age: Int64
        switch Int.random(in: 0..<100, using: &generator) {
        case ..<90: age = Int64.random(in: 2..<300, using: &generator)
        case ..<94: age = Int64.random(in: 300..<day, using: &generator)
        case ..<98: age = Int64.random(in: day..<30 * day, using: &generator)
        default: age = Int64.random(in: 30 * day..<300 * day, using: &generator)
        }
        let last = fleet.now.adding(seconds: -age)
        let registeredAt = last.adding(seconds: -Int64.random(in: 3600..<300 * day, using: &generator))
        let isByToken = generator.chance(perMille: 150)
        guard !generator.chance(perMille: 10) else {
            return MachineLife(registeredAt: registeredAt, isByToken: isByToken, reports: [])
        }
        let reports = (0..<Int.random(in: 1...3, using: &generator)).map { _ in generator.uuid() }
        let step = min(3 * day, last.seconds(since: registeredAt) / Int64(reports.count))
        return MachineLife(
            registeredAt: registeredAt,
            isByToken: isByToken,
            reports: reports.enumerated().map { index, boot in
                (last.adding(seconds: -step * Int64(reports.count - 1 - index)), boot)
            }
        )
    }

    private mutating func certificate(
        _ serial: String,
        _ hostname: String,
        registeredAt: Timestamp
    ) -> MachineCertificate {
        let fingerprint = generator.digest()
        guard !generator.chance(perMille: 60) else {
            let reason = "no certificate in the database meets the check"
            return MachineCertificate(
                fingerprint: fingerprint,
                verdict: CheckVerdict(id: fleet.check, level: .none, reason: reason, code: "not_found")
            )
        }
        let (isProven, key) = (!generator.chance(perMille: 60), generator.digest())
        let end = registeredAt.adding(seconds: Int64.random(in: 300..<800, using: &generator) * 86_400)
        let leaf = ChainLink(issuerKey: fleet.issuerKey, serialNumber: Hexadecimal.encode(generator.bytes(16)))
        let name = "\(hostname.prefix { $0 != "." }).corp.example.com"
        let isBound = generator.chance(perMille: 700)
        return MachineCertificate(
            fingerprint: fingerprint,
            verdict: CheckVerdict(
                id: fleet.check,
                level: isProven ? .proven : .keyPresent,
                key: key,
                proves: isProven,
                reason: "\(name), issued under Example Root CA, valid until \(end)",
                code: isProven ? nil : "not_proven",
                anchor: fleet.anchor,
                chain: [leaf, ChainLink(issuerKey: fleet.rootKey, serialNumber: "1001")],
                holdsUntil: end,
                bound: isBound ? ["serial_number": serial, "hostname": hostname] : [:],
                commonName: name
            )
        )
    }
}
