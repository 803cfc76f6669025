@_spi(Verifying) import PostureModel
import TestSupport

/// A certificate of a fleet that is made up, with its key.
struct Certificate: Hashable {
    /// The fingerprint of the key, which another certificate may have too.
    var key: String
    /// The serial number by which the CA revokes the certificate.
    var number: String
    /// The common name.
    var name = "machine"
    /// The product serial number that the certificate carries.
    var serial: String?
    /// The WARP id that the certificate carries.
    var warp: String?
    var isExpired = false
}

/// A report in short.
struct Draft: Hashable {
    /// What the agent says of the WARP ids.
    enum WARP: Hashable {
        case read([String], secondsAgo: Int64 = 0)
        case cannotTell
        case noClient
    }

    let device: Int
    var serial: String?
    var warp = WARP.noClient
    var macs: [String] = []
    var hostname = ""
    /// The host name of `/etc/hostname`.
    var staticHostname = ""
    var ipv4: String?
    /// The certificate of the only check.
    var certificate: Certificate?
    /// Whether the certificate's key signed the report.
    var isProven = true
    var boot = "boot"
    var uptime: Int64?

    init(_ device: Int) { self.device = device }

    /// A draft of the machine with this number, in which everything is its own.
    static func machine(_ number: Int, certificate: Certificate? = nil) -> Draft {
        var draft = Draft(number)
        draft.serial = "PF0FAKE\(number)"
        draft.warp = .read(["warp-\(number)"])
        draft.macs = ["74:1d:3e:00:00:0\(number)"]
        draft.hostname = "laptop-\(number)"
        draft.ipv4 = "100.96.0.\(number)"
        draft.certificate = certificate
        return draft
    }

    /// The report, as the machine's clock says `now`.
    func report(receipt: String?, at now: Timestamp) -> Report {
        let none = Observation<String>.unreadable(reason: "not looked at")
        var facts = SampleDevice.facts(
            serial: serial.map { .observed(SerialNumber($0)) } ?? .unreadable(reason: "permission denied"),
            macs: .observed(macs.map(SampleDevice.mac)),
            kernelHostname: hostname.isEmpty ? none : .observed(hostname),
            staticHostname: staticHostname.isEmpty ? none : .observed(staticHostname),
            bootID: .observed(boot)
        )
        facts.warpIPv4 = ipv4.map { .observed([$0]) } ?? .notApplicable(reason: "no interface")
        if let uptime { facts.uptime = .observed(uptime) }
        let warpIDs: Observation<WARPIDs> =
            switch warp {
            case .read(let ids, let age): .observed(WARPIDs(ids: ids, readAt: now.adding(seconds: -age)))
            case .cannotTell: .unreadable(reason: "the client does not answer")
            case .noClient: .notApplicable(reason: "no client")
            }
        return Report(
            device: SampleDevice.id(device),
            audience: "https://scorer.example.test",
            agent: "postured/test",
            collectedAt: now,
            facts: facts,
            warpIDs: warpIDs,
            checks: [],
            receipt: receipt
        )
    }

    /// The scorer's verdict of the certificate.
    func verdict(revoked: Set<String>) -> CheckVerdict {
        guard let certificate else { return CheckVerdict(id: "corp", level: .none, reason: "no certificate") }
        let isRevoked = revoked.contains(certificate.number)
        var bound: [String: String] = [:]
        bound["serial_number"] = certificate.serial
        bound["device_uuid"] = certificate.warp
        return CheckVerdict(
            id: "corp",
            level: isRevoked || certificate.isExpired ? .none : isProven ? .proven : .keyPresent,
            key: certificate.key,
            proves: isProven && !isRevoked,
            reason: "as it was judged",
            code: isRevoked ? "revoked" : certificate.isExpired ? "expired" : isProven ? nil : "not_proven",
            anchor: "root",
            chain: [ChainLink(issuerKey: "ca", serialNumber: certificate.number)],
            holdsUntil: certificate.isExpired ? SampleDevice.now : SampleDevice.now.adding(seconds: 400 * 86_400),
            bound: bound,
            commonName: certificate.name
        )
    }
}
