import PostureModel
import ScorerTestSupport
import TestSupport

@testable import DeviceIdentity

/// A machine with an agent: what it is, and what its agent reports of it.
///
/// A copy is a copy of the disk: the device key, the receipt, and the certificate's key.
struct Machine: Sendable {
    var device: TestDevice
    var serial: String
    var mac: String
    var hostname: String
    var ipv4: String
    /// What the agent says of the WARP ids.
    var warp: Reading
    /// The certificate with its key; nil for a machine without one.
    var proof: TestDevice.Proof?
    /// The receipt that the agent stored last.
    var receipt: String?
    /// The boot's id, and when the machine booted.
    var boot = Machine.newBoot()
    var booted = TestClock.start.adding(seconds: -1000)

    /// What an agent says of the WARP ids.
    enum Reading: Sendable {
        case read([String])
        case readAgo([String], seconds: Int64)
        case cannotTell
        case noClient
    }

    /// A laptop of the company's with this number.
    init(_ number: Int, proof: TestDevice.Proof? = nil) throws {
        device = try TestDevice()
        serial = "PF0FAKE\(number)"
        mac = "74:1d:3e:23:e0:\(number < 10 ? "0" : "")\(number)"
        hostname = "laptop-\(number)"
        ipv4 = "100.96.0.\(number)"
        warp = .read(["warp-\(number)"])
        self.proof = proof
    }

    /// A boot id as the kernel makes one up.
    static func newBoot() -> String {
        let digits = (0..<32).map { _ in String("0123456789abcdef".randomElement() ?? "0") }.joined()
        let parts = [digits.prefix(8), digits.dropFirst(8).prefix(4), digits.dropFirst(12).prefix(4)]
        return (parts + [digits.dropFirst(16).prefix(4), digits.dropFirst(20)]).joined(separator: "-")
    }

    /// Boots the machine at a moment.
    mutating func reboot(at now: Timestamp) { (boot, booted) = (Self.newBoot(), now.adding(seconds: -20)) }

    /// The report of the agent.
    func report(at now: Timestamp) -> Report {
        var report = device.report(
            serial: serial,
            warp: observation(at: now),
            ipv4: [ipv4],
            hostname: hostname,
            mac: mac,
            bootID: boot,
            uptime: now.seconds(since: booted),
            receipt: receipt
        )
        report.collectedAt = now
        return report
    }

    private func observation(at now: Timestamp) -> Observation<WARPIDs> {
        switch warp {
        case .read(let ids): .observed(WARPIDs(ids: ids, readAt: now))
        case .readAgo(let ids, let seconds): .observed(WARPIDs(ids: ids, readAt: now.adding(seconds: -seconds)))
        case .cannotTell: .unreadable(reason: "the client does not answer")
        case .noClient: .notApplicable(reason: "no client")
        }
    }

    /// The row that Cloudflare sends of the machine, by its own WARP id or by another one.
    func row(_ id: String? = nil) -> PostureRow {
        PostureRow(
            deviceID: id ?? "warp-\(serial.dropFirst("PF0FAKE".count))",
            serialNumber: serial,
            macAddress: mac,
            hostname: hostname,
            virtualIPv4: ipv4
        )
    }
}

extension PostureRow {
    /// The row with some fields in place of its own.
    func with(serial: String? = nil, mac: String? = nil, hostname: String? = nil, ipv4: String? = nil) -> PostureRow {
        var row = self
        if let serial { row.serialNumber = serial }
        if let mac { row.macAddress = mac }
        if let hostname { row.hostname = hostname }
        if let ipv4 { row.virtualIPv4 = ipv4 }
        return row
    }
}
