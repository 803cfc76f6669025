internal import ConfigurationFile
internal import Files
internal import Glibc
internal import OpenSSLBridge
internal import PostureModel

/// The device's own key: made once, kept in the state directory, never sent.
///
/// Its thumbprint is the device's id.
struct DeviceKey: Sendable {
    /// The key, P-256.
    let key: PrivateKey
    /// The device's id.
    let device: DeviceID

    private static let fileName = "device-key.pem"

    /// Reads the key of `directory`, or makes one if there is none.
    ///
    /// A key that is there and cannot be read is an error and is never replaced: a new key would be a new device.
    ///
    /// - Throws: an error that names the file and says what to do.
    init(in directory: String) throws {
        guard unsafe mkdir(directory, 0o700) == 0 || errno == EEXIST else {
            throw ConfigurationError(directory, "cannot be made: \(errorText(errno))")
        }
        let path = "\(directory)/\(Self.fileName)"
        if unsafe access(path, F_OK) != 0 {
            guard errno == ENOENT else { throw ConfigurationError(path, errorText(errno)) }
            try Self.create(path)
        }
        try self.init(at: path, in: directory)
    }

    private init(at path: String, in directory: String) throws {
        var status = stat()
        guard unsafe stat(directory, &status) == 0 else { throw ConfigurationError(directory, errorText(errno)) }
        guard status.st_uid == geteuid() else {
            throw ConfigurationError(
                directory,
                "belongs to user \(status.st_uid), who keeps the device's key there: start the service (systemctl start "
                    + "postured), which reports as that user, or name another state_directory"
            )
        }
        guard status.st_mode & 0o022 == 0 else {
            throw ConfigurationError(directory, "others may write to it: chmod 700 it")
        }
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
        do throws(PEMError) { key = try PrivateKey(bytes) } catch {
            throw ConfigurationError(
                path,
                "is not a private key (it \(error)): restore it, or delete it to become a new device"
            )
        }
        guard key.publicKey.jwk.algorithm == .es256,
            let device = DeviceID(rawValue: Base64URL.encode(key.publicKey.thumbprint))
        else {
            throw ConfigurationError(path, "is not a P-256 key: restore it, or delete it to become a new device")
        }
        self.device = device
    }

    /// Makes a new key; of two that start at once one wins.
    private static func create(_ path: String) throws {
        let pem = Array(try PrivateKey.generate(.p256).pem().utf8)
        do throws(FileError) { try DurableFile.create(path, with: pem) } catch {
            guard error.code != .system(EEXIST) else { return }
            throw ConfigurationError(path, "cannot be made: \(error.sentence)")
        }
    }
}
