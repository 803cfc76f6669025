internal import ConfigurationFile
internal import Files
internal import Glibc
internal import OpenSSLBridge
internal import PostureModel
internal import Reporting

/// The directory of the device's key, and of what goes with it: the id, a new key that waits, receipts, a retirement.
///
/// Every change is made while the directory is locked, and is on the disk before anything is done that depends on it.
struct KeyDirectory: Sendable {
    /// The directory.
    let path: String

    private enum Name: String, CaseIterable {
        /// The device's key.
        case key = "device-key.pem"
        /// The device's id, where it is not the key's thumbprint.
        case id = "device-id.json"
        /// The key that is to take the device's key's place, once the scorer knows it.
        case newKey = "device-key.new.pem"
        /// The receipts of the scorers' answers.
        case receipts = "receipts.json"
        /// That the device has retired, or is about to.
        case retired = "retired"
    }

    /// What there is in the directory at a moment.
    struct Contents {
        /// The device's key.
        var key: DeviceKey
        /// The key that waits to take its place.
        var newKey: PrivateKey?
        /// Whether the device is about to retire.
        var isRetiring: Bool
    }

    /// Names a directory.
    init(_ path: String) { self.path = path }

    private func file(_ name: Name) -> String { "\(path)/\(name.rawValue)" }

    /// Does something while no other process changes the directory, which is made if there is none.
    func locked<Value>(_ body: () throws -> Value) throws -> Value {
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw ConfigurationError(path, "cannot be made: \(errorText(errno))")
        }
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ConfigurationError(path, errorText(errno)) }
        defer { close(descriptor) }
        do throws(FileError) { try lockDescriptor(descriptor, of: path, within: .seconds(20)) } catch {
            throw ConfigurationError(path, error.sentence)
        }
        return try body()
    }

    /// Reads what there is, and makes a key if there is none.
    ///
    /// A key that is there and cannot be read is an error and is never replaced: a new key would be a new device.
    ///
    /// - Throws: an error that names the file and says what to do; ``DeviceRetired`` where the device has retired.
    func contents() throws -> Contents {
        try checkOwnership()
        let isRetiring = try isThere(.retired)
        if try !isThere(.key) {
            guard !isRetiring else { throw DeviceRetired() }
            // What belonged to a key that is gone belongs to no other.
            try remove([.id, .newKey])
            try DeviceKey.create(file(.key))
        }
        let key = try DeviceKey.read(file(.key))
        let device = try keptID(of: key)
        let newKey = try isThere(.newKey) ? DeviceKey.read(file(.newKey)) : nil
        return Contents(key: DeviceKey(key: key, device: device), newKey: newKey, isRetiring: isRetiring)
    }

    /// Whether there is a key: a device that has none cannot retire, or replace it.
    func hasKey() throws -> Bool { try isThere(.key) }

    /// Whether a new key waits to take the device's key's place.
    func hasNewKey() throws -> Bool { try isThere(.newKey) }

    /// Whether the device has retired, or is about to.
    func isRetired() throws -> Bool { try isThere(.retired) }

    private func checkOwnership() throws {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw ConfigurationError(path, errorText(errno)) }
        guard status.st_uid == geteuid() else {
            throw ConfigurationError(
                path,
                "belongs to user \(status.st_uid), who keeps the device's key there: start the service (systemctl start "
                    + "postured), which reports as that user, or name another state_directory"
            )
        }
        guard status.st_mode & 0o022 == 0 else {
            throw ConfigurationError(path, "others may write to it: chmod 700 it")
        }
    }

    private func isThere(_ name: Name) throws -> Bool {
        var status = stat()
        if unsafe lstat(file(name), &status) == 0 { return true }
        guard errno == ENOENT else { throw ConfigurationError(file(name), errorText(errno)) }
        return false
    }

    private func remove(_ names: [Name]) throws {
        var isChanged = false
        for name in names {
            if unsafe unlink(file(name)) == 0 {
                isChanged = true
            } else if errno != ENOENT {
                throw ConfigurationError(file(name), "cannot be deleted: \(errorText(errno))")
            }
        }
        if isChanged { try onDisk() }
    }

    /// Has the names of the directory on the disk.
    private func onDisk() throws {
        do throws(FileError) { try syncDirectory(path) } catch { throw ConfigurationError(path, error.sentence) }
    }
}

// MARK: - The key

extension KeyDirectory {
    private func keptID(of key: PrivateKey) throws -> DeviceID {
        let own = try DeviceKey.thumbprint(of: key)
        guard try isThere(.id) else { return own }
        let bytes = try readFile(file(.id), limit: 4 * 1024, isOwn: true)
        do {
            let kept: KeptDeviceID = try Wire.decode(from: bytes)
            return kept.keys.contains(own) ? kept.device : own
        } catch {
            throw ConfigurationError(
                file(.id),
                "\(error): restore it, or delete it together with \(file(.key)) to become a new device"
            )
        }
    }

    /// Makes the key that is to replace the device's, where none waits already.
    func makeNewKey() throws {
        if try !isThere(.newKey) { try DeviceKey.create(file(.newKey)) }
    }

    /// Puts the new key, if one waits, in the place of the device's key; the id stays.
    ///
    /// The id is on the disk before the key: after a crash in between, it is true of the key before, which is still in
    /// place, and the message to the scorer is repeated.
    func completeReplacement() throws {
        let contents = try contents()
        guard let newKey = contents.newKey else { return }
        let keys = [try contents.key.ownID, try DeviceKey.thumbprint(of: newKey)]
        try replaceFile(file(.id), with: Wire.encode(KeptDeviceID(device: contents.key.device, keys: keys)))
        do throws(FileError) { try DurableFile.publish(file(.newKey), as: file(.key), replacing: true) } catch {
            throw ConfigurationError(file(.key), "cannot be replaced: \(error.sentence)")
        }
    }

    /// Deletes the new key, if one waits: the device's key stays.
    func discardNewKey() throws { try remove([.newKey]) }

    /// The device has registered with its key: it has the id of that key from now on.
    func forgetID() throws { try remove([.id]) }

    /// The device is about to retire: it reports no more, whatever happens.
    func beginRetirement() throws {
        let text =
            "This device has retired, or is about to. Remove this file to let the machine enrol as a new device.\n"
        try replaceFile(file(.retired), with: Array(text.utf8))
    }

    /// The device does not retire, and keeps its key; a new key that waits is discarded with the retirement.
    ///
    /// One whose key is deleted has retired, and stays so.
    func abandonRetirement() throws {
        guard try isThere(.key) else { return }
        try remove([.newKey, .retired])
    }

    /// Deletes the key of a device that the scorer lets retire, and all that went with it.
    func completeRetirement() throws {
        guard try isThere(.retired) else { return }
        try remove([.key, .newKey, .id, .receipts])
        WARPMemory(in: path).learn(.notApplicable(reason: "retired"), at: Timestamp(seconds: 0))
    }
}

// MARK: - Receipts

extension KeyDirectory {
    private static let ledgerLimit = 64 * 1024

    /// The receipts and the reports on their way.
    ///
    /// - Throws: where they are there and cannot be read: a report without the receipt would look like another machine's.
    func ledger() throws -> ReceiptLedger {
        guard try isThere(.receipts) else { return ReceiptLedger() }
        let bytes = try readFile(file(.receipts), limit: Self.ledgerLimit, isOwn: true)
        do { return try Wire.decode(from: bytes) } catch {
            throw ConfigurationError(
                file(.receipts),
                "\(error): restore it; without it, the scorer takes this machine for a copy of itself, until an operator "
                    + "clears that: delete it, and 'posture-scorer clones clear' there"
            )
        }
    }

    /// Keeps the receipts.
    func save(_ ledger: ReceiptLedger) throws { try replaceFile(file(.receipts), with: Wire.encode(ledger)) }
}
