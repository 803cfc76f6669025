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

/// Whether what is written to a file system is encrypted before it reaches a disk.
public enum Encryption: String, Word {
    /// On every device beneath it.
    case yes
    /// Not on all of them.
    case no
    /// What is beneath it could not be seen.
    case unknown
}

/// A file system on block devices.
///
/// On the wire one that is not removable is the word of its encryption, and one that is an object: most are not, and a
/// report stays small.
public struct Disk: Sendable, Hashable {
    /// Whether what is written to it is encrypted.
    public var encryption: Encryption
    /// Whether all of it is on media that people plug in and take away: USB storage, memory cards.
    public var isRemovable: Bool

    /// Creates a file system of a disk.
    public init(_ encryption: Encryption, isRemovable: Bool = false) {
        self.encryption = encryption
        self.isRemovable = isRemovable
    }

    /// An encrypted one that is not removable.
    public static let yes = Disk(.yes)
    /// One that is neither encrypted nor removable.
    public static let no = Disk(.no)
    /// One of which nothing is known.
    public static let unknown = Disk(.unknown)
}

extension Disk: Codable {
    private enum CodingKeys: String, CodingKey { case encrypted, removable }

    /// Reads the wire form.
    public init(from decoder: any Decoder) throws {
        if let object = try? decoder.container(keyedBy: CodingKeys.self) {
            self.init(
                try object.decode(Encryption.self, forKey: .encrypted),
                isRemovable: try object.decodeIfPresent(Bool.self, forKey: .removable) ?? false
            )
        } else {
            self.init(try Encryption(from: decoder))
        }
    }

    /// Writes the wire form.
    public func encode(to encoder: any Encoder) throws {
        guard isRemovable else { return try encryption.encode(to: encoder) }
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(encryption, forKey: .encrypted)
        try object.encode(true, forKey: .removable)
    }
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

/// A value that newer senders may know more of: what is not known is read as `unknown`.
public protocol Word: RawRepresentable<String>, Sendable, Hashable, Codable {
    /// The value for words of another version.
    static var unknown: Self { get }
}

extension Word {
    /// Reads the wire form.
    public init(from decoder: any Decoder) throws {
        self = Self(rawValue: try decoder.singleValueContainer().decode(String.self)) ?? .unknown
    }

    /// Writes the wire form.
    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        try value.encode(rawValue)
    }
}
