package import OpenSSLBridge
package import PostureModel

/// A registered device, as the store knows it: by its id and its keys.
///
/// The id was given at registration and stays when the device replaces its key, so it says nothing of the key.
package struct KnownDevice: Sendable {
    /// The device's id.
    package let id: DeviceID
    /// The keys that are tried on a message's signature: the one in force, and then those that it replaced, the newest first.
    let keys: [JWK]

    /// The most replaced keys that are tried.
    package static let replacedKeyLimit = 8

    /// Creates a device from its keys, the one in force first; keys beyond the limit are left out.
    package init(_ id: DeviceID, keys: [JWK]) {
        (self.id, self.keys) = (id, Array(keys.prefix(1 + Self.replacedKeyLimit)))
    }
}

/// The signer of a message: a device, and the key of it that signed.
///
/// Only ``MessageVerifier`` makes one.
package struct Signer: Sendable {
    /// The device.
    package let device: DeviceID
    /// The key that signed.
    package let key: PublicKey
    /// Whether the device has replaced this key.
    package let isReplaced: Bool

    init(device: DeviceID, key: PublicKey, isReplaced: Bool = false) {
        (self.device, self.key, self.isReplaced) = (device, key, isReplaced)
    }
}
