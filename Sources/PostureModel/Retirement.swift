/// The payload of a retirement: the device gives up its keys and its identifiers.
public struct Retirement: Sendable, Codable, Equatable {
    /// The device that retires.
    public var device: DeviceID
    /// The URL of the scorer that the message is for.
    public var audience: String
    /// The receipt that the agent stored last, as in a report; nil for none.
    public var receipt: String?

    /// Creates the payload of a retirement.
    public init(device: DeviceID, audience: String, receipt: String? = nil) {
        (self.device, self.audience, self.receipt) = (device, audience, receipt)
    }
}

/// The payload of a key replacement, which the device's key and the new key sign.
public struct KeyReplacement: Sendable, Codable, Equatable {
    /// The device, whose id stays.
    public var device: DeviceID
    /// The URL of the scorer that the message is for.
    public var audience: String
    /// The new key, P-256: the `jwk` of the signature with the role ``ProtectedHeader/newKeyRole``.
    public var key: JWK
    /// The receipt that the agent stored last, as in a report; nil for none.
    public var receipt: String?

    /// Creates the payload of a key replacement.
    public init(device: DeviceID, audience: String, key: JWK, receipt: String? = nil) {
        (self.device, self.audience, self.key, self.receipt) = (device, audience, key, receipt)
    }
}
