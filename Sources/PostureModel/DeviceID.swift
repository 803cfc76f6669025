/// Who a device is: the RFC 7638 thumbprint (SHA-256) of the key that it registered with, in base64url, 43 characters.
///
/// It stays when the device replaces its key.
public struct DeviceID: Sendable, Hashable, RawRepresentable, CustomStringConvertible {
    /// The thumbprint in base64url.
    public let rawValue: String

    /// Creates an id from its text; nil if that is not 32 bytes of base64url.
    public init?(rawValue: String) {
        guard Base64URL.decode(rawValue)?.count == 32 else { return nil }
        self.rawValue = rawValue
    }

    /// The thumbprint in base64url.
    public var description: String { rawValue }
}

extension DeviceID: Codable {
    /// Reads the wire form.
    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        guard let id = DeviceID(rawValue: try value.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: value, debugDescription: "not a SHA-256 thumbprint")
        }
        self = id
    }

    /// Writes the wire form.
    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        try value.encode(rawValue)
    }
}
