internal import Files
internal import Glibc

/// What open(2), fstat(2) and the first bytes of a file say about it.
enum FileState: Equatable {
    case absent
    case flawed(NSSDatabaseError.Code)
    case content(header: [UInt8], size: Int)

    /// The most bytes of a file that are given to NSS, which reads whole values into memory.
    static let sizeLimit = 256 * 1024 * 1024

    /// Looks at the file without waiting for anybody.
    init(at path: String) {
        do throws(FileError) {
            let file = try RegularFile(path, followingLinks: true)
            self = .content(header: try file.start(SQLiteHeader.length), size: try file.size())
        } catch {
            self = NSSDatabaseError.Code(error).map(FileState.flawed) ?? .absent
            return
        }
        // NSS asks access(2) whether the file exists, which goes by the real user and without capabilities.
        if unsafe access(path, F_OK) != 0, errno == EACCES { self = .flawed(.hiddenFromRealUser) }
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
    guard let file = try? RegularFile(path, followingLinks: true) else { return nil }
    for (offset, length) in [(0, 1), (2, 510)] {
        var lock = flock(
            l_type: Int16(F_RDLCK),
            l_whence: Int16(SEEK_SET),
            l_start: 1 << 30 + offset,
            l_len: length,
            l_pid: 0
        )
        if file.withDescriptor({ unsafe fcntl($0, F_GETLK, &lock) }) == 0, lock.l_type != F_UNLCK {
            return max(0, lock.l_pid)
        }
    }
    return nil
}
