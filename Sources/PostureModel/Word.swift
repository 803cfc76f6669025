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
