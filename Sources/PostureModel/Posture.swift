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

extension Posture {
    /// Every member and its bound: the table of docs/wire-format.md.
    mutating func inspect(_ look: inout MemberInspector) {
        let word = "a word of the table above"
        look.observation("facts.posture.secure_boot", &secureBoot, closed: word)
        look.observation("facts.posture.tpm", &tpm, closed: word)
        look.observation("facts.posture.disks", &disks) { disks, look in
            look.value("facts.posture.disks", disks.count, .entries(64))
            for point in disks.keys { look.value("facts.posture.disks", point, .text(MemberInspector.textLimit)) }
        }
        look.observation("facts.posture.swap", &swap, closed: word)
        look.observation("facts.posture.firewall_enabled", &firewallEnabled) { names, look in
            look.value("facts.posture.firewall_enabled", names.count, .entries(16))
            for name in names { look.value("facts.posture.firewall_enabled", name, .text(64)) }
        }
        look.observation("facts.posture.firewall_active", &firewallActive) { states, look in
            look.value("facts.posture.firewall_active", states.count, .entries(16))
            for name in states.keys { look.value("facts.posture.firewall_active", name, .text(64)) }
        }
        look.observation("facts.posture.access_control", &accessControl) { modes, look in
            look.value("facts.posture.access_control", modes.count, .entries(16))
            for name in modes.keys { look.value("facts.posture.access_control", name, .text(64)) }
        }
        look.observation("facts.posture.automatic_updates", &automaticUpdates, closed: "`true` or `false`")
        look.observation("facts.posture.packages_updated", &packagesUpdated, closed: "a time of the years 1 to 9999")
        look.observation("facts.posture.reboot_required", &rebootRequired, closed: "`true` or `false`")
        look.observation("facts.posture.warp", &warp, closed: word)
    }
}

// MARK: - Values of one word

/// Whether the firmware starts only what it has a signature for.
public enum SecureBoot: String, Sendable, Codable {
    case enabled
    case disabled
    /// Keys may be put in without a signature, so that nothing is enforced.
    case setup
}

/// The machine's TPM, by the version of its specification.
public enum TPM: String, Sendable, Codable {
    case version2 = "2.0"
    case version1 = "1.2"
    /// The machine has none.
    case none
}

/// Whether memory that is swapped out reaches a disk in the clear.
public enum Swap: String, Sendable, Codable {
    /// There is no swap space.
    case off
    /// It is swapped out to compressed memory alone.
    case memory
    case encrypted
    /// Some of it is not encrypted.
    case unencrypted
}

/// What the service manager says of a unit that it has loaded.
public enum UnitState: String, Word {
    case active
    case inactive
    case failed
    /// It is being started or stopped.
    case changing
    case unknown
}

/// How a Linux security module treats what its rules forbid.
public enum AccessControlMode: String, Word {
    /// It is denied.
    case enforcing
    /// It is logged.
    case permissive
    /// The module is in force; its mode is not to be seen.
    case enabled
    /// The kernel has the module, and it is switched off.
    case disabled
    case unknown
}

/// What the WARP client is doing.
public enum WARPState: String, Sendable, Codable {
    /// Its service runs, and its interface has an address.
    case connected
    /// Its service runs, and there is no tunnel.
    case disconnected
    /// Its service does not run.
    case stopped
}
