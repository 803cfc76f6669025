package import PostureModel

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
