/// Why a database could not be opened: what was found on the disk where it should be.
///
/// NSS itself says `SEC_ERROR_BAD_DATABASE` for almost all of these.
package struct NSSDatabaseError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was found.
    package enum Code: Sendable, Equatable {
        /// There is no such directory.
        case directoryAbsent
        /// The directory holds neither `cert9.db` nor `key4.db`.
        case databaseAbsent
        /// Nobody can tell whether the database is there, for this reason.
        case hidden(String)
        /// There are only `cert8.db` or `key3.db`, the format that NSS gave up.
        case legacyFormat
        /// The path asks for another format than `sql:`, such as `dbm`.
        case otherFormat(String)
        /// Only one of `cert9.db` and `key4.db` is there; `path` is the missing one.
        case incomplete
        /// The path is there and is not a directory.
        case notADirectory
        /// The file is a FIFO, a directory, a socket or a device.
        case notARegularFile
        /// This process may not read the file, or may not look into the directory.
        case permissionDenied
        /// open(2) may, by a capability, but access(2), which NSS asks, says no.
        case hiddenFromRealUser
        /// The file has no content.
        case empty
        /// The file does not begin like an SQLite 3 database.
        case notSQLite
        /// The file has `actual` bytes and its header promises `expected`.
        case truncated(expected: Int, actual: Int)
        /// The file has this many bytes, more than are read into memory.
        case tooLarge(Int)
        /// SQLite's own check of the file failed, with these words.
        case damaged(String)
        /// The file has a table, an index, a view or a trigger that NSS does not make, named in these words: it would run
        /// when the file is read.
        case foreign(String)
        /// A table has more rows than are read.
        case tooManyRows(Int, table: String)
        /// A password would have to be hashed so often, or into so long a key, that NSS would not come back.
        case slowPassword(iterations: UInt64)
        /// Reading the file takes more memory or time than SQLite is given.
        case beyondBounds
        /// The file is in SQLite's WAL mode, in which a reader writes beside it; NSS does not make such databases.
        case writeAheadLog
        /// A crashed writer left a journal, which a reader may not roll back.
        case journal
        /// Another process (0: unknown) held an exclusive lock for longer than this one waits.
        case locked(process: Int32)
        /// The path is not one that NSS can be given.
        case malformedPath
        /// Looking failed with this `errno`.
        case system(Int32)
        /// The files look well, and NSS refuses them all the same.
        case refused(NSSError)
    }

    /// What was found.
    package let code: Code
    /// The file or the directory it was found at.
    package let path: String

    init(_ code: Code, _ path: String) {
        self.code = code
        self.path = path
    }

    /// Whether the database is known not to be there, as opposed to: it could not be read.
    package var isAbsent: Bool {
        code == .directoryAbsent || code == .databaseAbsent
    }
}
