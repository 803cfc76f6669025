package import PostureModel

/// What lists show of a device, from its newest report.
///
/// It is what the machine says of itself, made printable.
package struct DeviceListing: Sendable, Equatable {
    /// The host name: the kernel's, or else that of `/etc/hostname`.
    package var hostname: String?
    /// The first serial number that is not a placeholder: the product's, the board's, or the chassis'.
    package var serial: String?
    /// The operating system, such as `debian 12`.
    package var operatingSystem: String?
    /// The program that made the report, such as `postured/0.1.0`.
    package var agent: String?
    /// What the report says of the WARP ids.
    package var warp: WARPReading?

    /// Creates the listing of a device that has not reported.
    package init() {}

    /// Creates a listing of its parts.
    package init(hostname: String?, serial: String?, operatingSystem: String?, agent: String?, warp: WARPReading?) {
        self.hostname = hostname
        self.serial = serial
        self.operatingSystem = operatingSystem
        self.agent = agent
        self.warp = warp
    }

    /// Takes from a report what lists show.
    package init(_ report: Report) {
        let names = DeviceName.all(of: report)
        func first(_ kind: DeviceName.Kind) -> String? { names.first { $0.kind == kind }?.spoken }
        hostname = first(.hostname)
        serial = first(.serial)
        operatingSystem = report.facts.osRelease.value.map { release in
            [release.id, release.versionID].compactMap { $0 }.joined(separator: " ").printable(limit: 256)
        }
        agent = report.agent.printable(limit: 256)
        warp = WARPReading(report)
    }
}
