internal import OpenSSLBridge
internal import PostureModel
internal import TestSupport

/// A machine of the fleet with its agent, as it is at its newest report.
struct SampleMachine: Sendable {
    /// The key that would sign its messages: random bytes, with which nobody signs.
    let key: JWK
    let device: DeviceID
    /// What the firmware gives for a serial number; a placeholder for some.
    var serial: String
    /// The host name, with a domain for some.
    var hostname: String
    /// The host name of the first report, of a machine that was renamed later.
    var firstHostname: String
    /// The ids of the WARP client; none for some.
    var warpIDs: [String]
    var life: MachineLife
    var certificate: MachineCertificate
    /// The newest report, and its payload.
    var report: Report
    var payload: [UInt8]
}

/// When a machine registered and reported.
struct MachineLife: Sendable {
    /// When it registered.
    var registeredAt: Timestamp
    /// Whether it did by an enrolment token.
    var isByToken: Bool
    /// When its reports were received, each with the id of its boot; none for a machine that never reported.
    var reports: [(receivedAt: Timestamp, boot: String)]
}

/// What the scorer found of a machine's certificate.
struct MachineCertificate: Sendable {
    /// The SHA-256 of the certificate, in base64url.
    var fingerprint: String
    /// The verdict of the only check.
    var verdict: CheckVerdict
}

/// The operating systems of a fleet.
enum OperatingSystems {
    static let all: [(release: OSRelease, kernel: String)] = [
        (OSRelease(id: "debian", versionID: "12", prettyName: "Debian GNU/Linux 12 (bookworm)"), "6.1.0-28-amd64"),
        (OSRelease(id: "debian", versionID: "13", prettyName: "Debian GNU/Linux 13 (trixie)"), "6.12.57+deb13-amd64"),
        (OSRelease(id: "ubuntu", versionID: "24.04", prettyName: "Ubuntu 24.04.3 LTS"), "6.8.0-88-generic"),
        (OSRelease(id: "fedora", versionID: "42", prettyName: "Fedora Linux 42 (Workstation)"), "6.17.8-200.fc42"),
        (OSRelease(id: "arch", prettyName: "Arch Linux"), "6.17.9-arch1-1"),
    ]
}
