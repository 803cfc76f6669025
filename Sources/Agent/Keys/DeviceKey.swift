internal import ConfigurationFile
internal import Files
internal import Glibc
internal import OpenSSLBridge
internal import PostureModel

/// The device's own key: made once, kept in the key directory, never sent.
struct DeviceKey: Sendable {
    /// The key, P-256.
    let key: PrivateKey
    /// The device's id: the thumbprint of the key that it registered with.
    let device: DeviceID

    /// The id that a device gets which registers with this key.
    var ownID: DeviceID { get throws { try Self.thumbprint(of: key) } }

    /// Reads the key in a file, whose directory this user owns.
    ///
    /// - Throws: an error that names the file and says what to do.
    static func read(_ path: String) throws -> PrivateKey {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { throw ConfigurationError(path, errorText(errno)) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw ConfigurationError(
                path,
                "is not a regular file: put the key itself there, or delete it to become a new device"
            )
        }
        guard status.st_mode & 0o077 == 0, status.st_uid == geteuid() else {
            throw ConfigurationError(
                path,
                "others may read the device's key, or it is not yours: chown and chmod 600 it"
            )
        }
        let bytes = try readFile(path, limit: 16 * 1024, isOwn: true)
        let key: PrivateKey
        do throws(PEMError) { key = try PrivateKey(bytes) } catch {
            throw ConfigurationError(
                path,
                "is not a private key (it \(error)): restore it, or delete it to become a new device"
            )
        }
        guard key.publicKey.jwk.algorithm == .es256 else {
            throw ConfigurationError(path, "is not a P-256 key: restore it, or delete it to become a new device")
        }
        return key
    }

    /// Makes a new key; of two that start at once one wins.
    static func create(_ path: String) throws {
        let pem = Array(try PrivateKey.generate(.p256).pem().utf8)
        do throws(FileError) { try DurableFile.create(path, with: pem) } catch {
            guard error.code != .system(EEXIST) else { return }
            throw ConfigurationError(path, "cannot be made: \(error.sentence)")
        }
    }

    /// The thumbprint of a key, in the form of a device's id.
    static func thumbprint(of key: PrivateKey) throws -> DeviceID {
        guard let id = DeviceID(rawValue: Base64URL.encode(key.publicKey.thumbprint)) else {
            throw AgentError("a thumbprint has 32 bytes")
        }
        return id
    }
}

/// The device's id after its key was replaced: a file beside the key.
///
/// It names the keys that it is true of, so that another key which is put in their place has an id of its own.
struct KeptDeviceID: Codable {
    /// The device's id.
    var device: DeviceID
    /// The thumbprints of the keys, the one before and the one after a replacement.
    var keys: [DeviceID]
}
