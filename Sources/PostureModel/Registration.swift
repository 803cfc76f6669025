/// The payload of a registration: a device key asks to be known.
///
/// It carries an enrolment token, or its message carries a certificate's proof, which the policy may take instead.
public struct Registration: Sendable, Codable, Equatable {
    /// The thumbprint of the key that the message brings and is signed with.
    public var device: DeviceID
    /// The URL of the scorer that the registration is for.
    public var audience: String
    /// The enrolment token that `posture-scorer tokens create` printed.
    public var token: String?

    /// Creates the payload of a registration.
    public init(device: DeviceID, audience: String, token: String?) {
        self.device = device
        self.audience = audience
        self.token = token
    }
}

/// The scorer's answer to a registration, a retirement and a key replacement.
public struct DeviceAnswer: Sendable, Codable, Equatable {
    /// The device's id, which stays for as long as the device is registered.
    public var device: DeviceID

    /// Creates an answer.
    public init(device: DeviceID) {
        self.device = device
    }
}
