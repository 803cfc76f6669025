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
