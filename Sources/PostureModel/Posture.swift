/// What protects a machine, fact by fact.
///
/// On the wire an observed value stands for itself, so that a report stays small; the two other cases are written as
/// everywhere (see ``Observation``). No value is an object with a key of theirs.
public struct Posture: Sendable, Equatable {
    /// Whether the firmware starts only what it has a signature for.
    public var secureBoot: Observation<SecureBoot>
    /// The version of the TPM, or that there is none.
    public var tpm: Observation<TPM>
    /// The file systems on block devices by their mount points: whether each is encrypted, and whether it is removable.
    ///
    /// A directory is on the file system of the longest mount point that it begins with.
    public var disks: Observation<[String: Disk]>
    /// Whether memory that is swapped out is encrypted.
    public var swap: Observation<Swap>
    /// The firewalls that their files enable: `firewalld`, `nftables`, `ufw`.
    public var firewallEnabled: Observation<[String]>
    /// The states of those firewalls that the service manager has.
    public var firewallActive: Observation<[String: UnitState]>
    /// The mode of `apparmor` and of `selinux`, where the kernel has them.
    public var accessControl: Observation<[String: AccessControlMode]>
    /// Whether packages are updated without anybody asking.
    public var automaticUpdates: Observation<Bool>
    /// When a package was last installed, updated or removed.
    public var packagesUpdated: Observation<Timestamp>
    /// Whether an update waits for a reboot.
    public var rebootRequired: Observation<Bool>
    /// What the WARP client is doing.
    public var warp: Observation<WARPState>

    /// Creates the posture of a machine of which nothing was reported.
    public init() {
        secureBoot = .notReported
        tpm = .notReported
        disks = .notReported
        swap = .notReported
        firewallEnabled = .notReported
        firewallActive = .notReported
        accessControl = .notReported
        automaticUpdates = .notReported
        packagesUpdated = .notReported
        rebootRequired = .notReported
        warp = .notReported
    }
}

extension Posture: Codable {
    private enum CodingKeys: String, CodingKey {
        case tpm, disks, swap, warp
        case secureBoot = "secure_boot"
        case firewallEnabled = "firewall_enabled"
        case firewallActive = "firewall_active"
        case accessControl = "access_control"
        case automaticUpdates = "automatic_updates"
        case packagesUpdated = "packages_updated"
        case rebootRequired = "reboot_required"
    }

    /// Reads the wire form.
    public init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        secureBoot = try object.word(.secureBoot)
        tpm = try object.word(.tpm)
        disks = try object.bare(.disks)
        swap = try object.word(.swap)
        firewallEnabled = try object.bare(.firewallEnabled)
        firewallActive = try object.bare(.firewallActive)
        accessControl = try object.bare(.accessControl)
        automaticUpdates = try object.bare(.automaticUpdates)
        packagesUpdated = try object.bare(.packagesUpdated)
        rebootRequired = try object.bare(.rebootRequired)
        warp = try object.word(.warp)
    }

    /// Writes the wire form.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(bare: secureBoot, forKey: .secureBoot)
        try object.encode(bare: tpm, forKey: .tpm)
        try object.encode(bare: disks, forKey: .disks)
        try object.encode(bare: swap, forKey: .swap)
        try object.encode(bare: firewallEnabled, forKey: .firewallEnabled)
        try object.encode(bare: firewallActive, forKey: .firewallActive)
        try object.encode(bare: accessControl, forKey: .accessControl)
        try object.encode(bare: automaticUpdates, forKey: .automaticUpdates)
        try object.encode(bare: packagesUpdated, forKey: .packagesUpdated)
        try object.encode(bare: rebootRequired, forKey: .rebootRequired)
        try object.encode(bare: warp, forKey: .warp)
    }
}

// MARK: - Observations whose values stand for themselves

private enum ReasonKey: String, CodingKey {
    case notApplicable = "not_applicable"
    case unreadable
}

extension KeyedEncodingContainer {
    fileprivate mutating func encode<Value: Encodable>(bare observation: Observation<Value>, forKey key: Key) throws {
        switch observation {
        case .observed(let value): try encode(value, forKey: key)
        case .notApplicable(let reason): try encode([ReasonKey.notApplicable.rawValue: reason], forKey: key)
        case .unreadable(let reason): try encode([ReasonKey.unreadable.rawValue: reason], forKey: key)
        case .notReported: break
        }
    }
}

extension KeyedDecodingContainer {
    fileprivate func bare<Value: Decodable>(
        of type: Value.Type = Value.self,
        _ key: Key
    ) throws -> Observation<Value> {
        guard contains(key), try !decodeNil(forKey: key) else { return .notReported }
        if let object = try? nestedContainer(keyedBy: ReasonKey.self, forKey: key), let reason = object.allKeys.first {
            let text = try object.decode(String.self, forKey: reason)
            return reason == .unreadable ? .unreadable(reason: text) : .notApplicable(reason: text)
        }
        return .observed(try decode(Value.self, forKey: key))
    }

    /// A value of one word; one that this version does not know is `unreadable`.
    fileprivate func word<Value: RawRepresentable<String>>(_ key: Key) throws -> Observation<Value> {
        switch try bare(of: String.self, key) {
        case .observed(let text):
            Value(rawValue: text).map { .observed($0) }
                ?? .unreadable(reason: "'\(text.printable(limit: 64))' is no word of this version")
        case .notApplicable(let reason): .notApplicable(reason: reason)
        case .unreadable(let reason): .unreadable(reason: reason)
        case .notReported: .notReported
        }
    }
}
