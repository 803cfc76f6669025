internal import Glibc

/// What open(2), fstat(2) and the first bytes of a file say about it.
enum FileState: Equatable {
    case absent
    case flawed(NSSDatabaseError.Code)
    case content(header: [UInt8], size: Int)

    /// The most bytes of a file that are given to NSS, which reads whole values into memory.
    static let sizeLimit = 256 * 1024 * 1024

    /// Looks at the file without waiting for anybody: `O_NONBLOCK` opens a FIFO that nobody writes to.
    init(at path: String) {
        let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else {
            self = NSSDatabaseError.Code(errno: errno).map(FileState.flawed) ?? .absent
            return
        }
        defer { close(descriptor) }
        self = FileState(descriptor)
        // NSS asks access(2) whether the file exists, which goes by the real user and without capabilities.
        if case .content = self, unsafe access(path, F_OK) != 0, errno == EACCES {
            self = .flawed(.hiddenFromRealUser)
        }
    }

    private init(_ descriptor: CInt) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            self = .flawed(.system(errno))
            return
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            self = .flawed(.notARegularFile)
            return
        }
        var header = [UInt8](repeating: 0, count: SQLiteHeader.length)
        let count = unsafe pread(descriptor, &header, header.count, 0)
        guard count >= 0 else {
            self = .flawed(.system(errno))
            return
        }
        self = .content(header: Array(header.prefix(count)), size: Int(status.st_size))
    }

    /// Throws what is wrong with the file at `path`, of which this is the state.
    func check(_ path: String) throws(NSSDatabaseError) {
        switch self {
        case .absent: throw NSSDatabaseError(.incomplete, path)
        case .flawed(let code): throw NSSDatabaseError(code, path)
        case .content(let bytes, let size):
            guard size <= FileState.sizeLimit else { throw NSSDatabaseError(.tooLarge(size), path) }
            let header: SQLiteHeader
            do throws(SQLiteHeader.Flaw) {
                header = try SQLiteHeader(parsing: bytes.span)
            } catch {
                throw NSSDatabaseError(NSSDatabaseError.Code(error, size: size), path)
            }
            if let expected = header.fileSize, expected > size {
                throw NSSDatabaseError(.truncated(expected: expected, actual: size), path)
            }
        }
    }
}

extension NSSDatabaseError.Code {
    fileprivate init(_ flaw: SQLiteHeader.Flaw, size: Int) {
        switch flaw {
        case .empty: self = .empty
        case .notSQLite: self = .notSQLite
        case .writeAheadLog: self = .writeAheadLog
        case .truncated: self = .truncated(expected: SQLiteHeader.length, actual: size)
        }
    }
}

/// The process whose lock keeps readers out of the SQLite database at `path`; 0 where the kernel does not say which.
///
/// SQLite locks bytes from 2^30 on: the first is PENDING, the 510 from the third on are SHARED, and EXCLUSIVE is a
/// write lock on those. (RESERVED, between them, lets readers in.)
///
/// - SeeAlso: <https://www.sqlite.org/lockingv3.html>
func exclusiveLockHolder(of path: String) -> Int32? {
    let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    for (offset, length) in [(0, 1), (2, 510)] {
        var lock = flock(
            l_type: Int16(F_RDLCK),
            l_whence: Int16(SEEK_SET),
            l_start: 1 << 30 + offset,
            l_len: length,
            l_pid: 0
        )
        if unsafe fcntl(descriptor, F_GETLK, &lock) == 0, lock.l_type != F_UNLCK {
            return max(0, lock.l_pid)
        }
    }
    return nil
}
