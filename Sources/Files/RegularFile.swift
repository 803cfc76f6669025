internal import Glibc

/// An open regular file.
///
/// It is opened without waiting for anybody: in a directory that a service owns, whoever has taken over the service may have
/// put a FIFO, a device or a link in a file's place, and root may be the one that opens it.
package struct RegularFile: ~Copyable {
    private let descriptor: CInt
    private let path: String

    /// Opens the file at `path`; `flags` are those of open(2), and `mode` is that of a file that is made.
    ///
    /// Nothing but a regular file is opened at all, unless somebody exchanges it at that moment: to open a device may have
    /// effects. Links that lead to one are followed only where `followingLinks` says so.
    package init(
        _ path: String,
        _ flags: CInt = O_RDONLY,
        mode: UInt32 = 0o600,
        followingLinks: Bool
    ) throws(FileError) {
        var status = stat()
        let result = unsafe followingLinks ? stat(path, &status) : lstat(path, &status)
        if result == 0 {
            guard status.st_mode & S_IFMT == S_IFREG else { throw FileError(path, .notRegular) }
        } else if errno != ENOENT || flags & O_CREAT == 0 {
            throw FileError(path, .system(errno))
        }
        let links = followingLinks ? 0 : O_NOFOLLOW
        let descriptor = unsafe open(path, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | links, mode)
        guard descriptor >= 0 else {
            let isOther = errno == ENXIO || errno == ENODEV || (errno == ELOOP && !followingLinks)
            throw FileError(path, isOther ? .notRegular : .system(errno))
        }
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw FileError(path, .notRegular)
        }
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    /// Calls `body` with the descriptor, which is closed with the last use of this value.
    package borrowing func withDescriptor<Value>(_ body: (CInt) -> Value) -> Value { body(descriptor) }

    /// Its size in bytes.
    package borrowing func size() throws(FileError) -> Int { Int(try status().st_size) }

    private borrowing func status() throws(FileError) -> stat {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw FileError(path, .system(errno)) }
        return status
    }

    /// Whether the file is still the one at its path, and not one that was renamed or removed.
    borrowing func isInPlace() throws(FileError) -> Bool {
        let own = try status()
        var named = stat()
        guard unsafe lstat(path, &named) == 0 else { return false }
        return own.st_ino == named.st_ino && own.st_dev == named.st_dev
    }

    /// Whether nobody but this user may read or write it, by its mode, and it has no second name.
    borrowing func isOwnAlone() throws(FileError) -> Bool {
        let own = try status()
        return own.st_uid == geteuid() && own.st_mode & 0o077 == 0 && own.st_nlink <= 1
    }

    /// Waits for the file's lock (flock(2)) for at most so long; it is held until the file is closed.
    package borrowing func lock(within patience: Duration) throws(FileError) {
        try lockDescriptor(descriptor, of: path, within: patience)
    }

    /// The first bytes of it, `count` at most.
    package borrowing func start(_ count: Int) throws(FileError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let count = unsafe pread(descriptor, &bytes, bytes.count, 0)
        guard count >= 0 else { throw FileError(path, .system(errno)) }
        return Array(bytes.prefix(count))
    }

    /// All its bytes, which are `limit` at most.
    package borrowing func read(limit: Int) throws(FileError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        while true {
            let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileError(path, .system(errno)) }
            if count == 0 { return bytes }
            bytes += buffer.prefix(count)
            guard bytes.count <= limit else { throw FileError(path, .tooLong(limit)) }
        }
    }

    /// Replaces its content by these bytes, and has them on the disk.
    package borrowing func write(_ bytes: [UInt8]) throws(FileError) {
        guard ftruncate(descriptor, 0) == 0 else { throw FileError(path, .system(errno)) }
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes[written...].withUnsafeBytes { rest in
                unsafe pwrite(descriptor, rest.baseAddress, rest.count, written)
            }
            if count >= 0 { written += count } else if errno != EINTR { throw FileError(path, .system(errno)) }
        }
        try sync()
    }

    /// Has its content on the disk.
    package borrowing func sync() throws(FileError) {
        guard fsync(descriptor) == 0 else { throw FileError(path, .system(errno)) }
    }
}

/// Waits for the lock of an open file or directory for at most so long.
package func lockDescriptor(_ descriptor: CInt, of path: String, within patience: Duration) throws(FileError) {
    let deadline = ContinuousClock.now + patience
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
        guard errno == EWOULDBLOCK || errno == EINTR else { throw FileError(path, .system(errno)) }
        guard ContinuousClock.now < deadline else { throw FileError(path, .locked(patience)) }
        usleep(10_000)
    }
}
