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

    /// Creates the listing of a device that has not reported.
    package init() {}

    /// Creates a listing of its parts.
    package init(hostname: String?, serial: String?, operatingSystem: String?, agent: String?) {
        self.hostname = hostname
        self.serial = serial
        self.operatingSystem = operatingSystem
        self.agent = agent
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
    }
}

/// A name by which a person may search for a device.
package struct DeviceName: Sendable, Hashable {
    /// What a person may know a machine by.
    package enum Kind: String, Sendable { case serial, hostname }

    /// What it is.
    package let kind: Kind
    /// The name as the machine has it, made printable.
    package let spoken: String
    /// The form by which it is found: a serial number in lower case, and the first label of a host name.
    package let key: String

    /// Creates a name; nil for a blank one, and for a serial number that is a placeholder.
    package init?(_ kind: Kind, _ text: String) {
        let spoken = text.trimmed().printable()
        let key: String
        switch kind {
        case .serial:
            guard SerialNumber(text).junkReason == nil else { return nil }
            key = spoken.lowercased()
        case .hostname:
            guard let name = Hostname(spoken) else { return nil }
            key = name.shortLabel ?? name.name
        }
        guard !key.isEmpty, spoken.utf8.count <= 256 else { return nil }
        (self.kind, self.spoken, self.key) = (kind, spoken, key)
    }

    /// All names of a report, the best of each kind first.
    package static func all(of report: Report) -> [DeviceName] {
        let facts = report.facts
        let serials = [facts.serials.product, facts.serials.board, facts.serials.chassis].compactMap(\.value?.value)
        let hostnames = [facts.kernelHostname, facts.staticHostname].compactMap(\.value)
        let names = serials.map { DeviceName(.serial, $0) } + hostnames.map { DeviceName(.hostname, $0) }
        var seen: Set<DeviceName> = []
        return names.compactMap { $0 }.filter { seen.insert($0).inserted }
    }
}
