internal import Files
internal import GRDB
internal import Glibc

extension SQLiteStore {
    /// Copies the database at `path` as it is at one moment, in use or not, into a new file at `target` with mode 0600.
    ///
    /// The copy has its name once it is whole and synced. It lacks the nonce keys: a scorer that restores it takes nothing that
    /// was signed before.
    ///
    /// - Throws: ``CopyError``, also where there is a file at `target`, which stays as it is
    package static func copy(_ path: String, to target: String) throws {
        try checkFiles(of: path)
        do { try copy(path, to: target, replacing: false) } catch let error as DatabaseError {
            throw CopyError(path, target, error)
        }
    }

    /// Copies it likewise; with `replacing`, in the place of what is there.
    ///
    /// - Throws: ``CopyError`` of files, `DatabaseError` of what is in them
    static func copy(
        _ path: String,
        to target: String,
        replacing: Bool,
        _ observer: ProgressObserver? = nil
    ) throws {
        guard unsafe replacing || access(target, F_OK) != 0 else { throw CopyError(FileError(target, .system(EEXIST))) }
        // A name that nobody else has, since whatever has it is removed: only beside the copy before an upgrade, which
        // one process makes at a time, is it the one that a crash may have left there.
        let draft = target + (replacing ? ".new" : ".\(UInt64.random(in: .min ... .max)).new")
        if replacing { unsafe unlink(draft) }
        do {
            let file = try RegularFile(draft, O_RDWR | O_CREAT | O_EXCL, followingLinks: false)
            defer { unsafe unlink(draft) }
            try reading(path) { source in
                // SQLite writes into a file that is empty, and into no other.
                try source.inDatabase { database in
                    observer?.observe(database)
                    try database.execute(sql: "VACUUM INTO ?", arguments: [draft])
                }
            }
            try forgetNonceKeys(in: draft)
            try file.sync()
            try DurableFile.publish(draft, as: target, replacing: replacing)
        } catch let error as FileError { throw CopyError(error) }
    }

    private static func forgetNonceKeys(in copy: String) throws {
        let queue = try DatabaseQueue(path: copy)
        defer { try? queue.close() }
        try queue.inDatabase { database in
            try database.execute(sql: "PRAGMA secure_delete = ON")
            try database.execute(sql: "DELETE FROM nonce_key")
        }
    }
}

/// Why a database was not copied; whatever it was to be copied for has not begun.
package struct CopyError: Error, Sendable, CustomStringConvertible {
    /// A sentence that names the file.
    package let description: String

    init(_ path: String, _ target: String, _ error: DatabaseError) {
        description = "the database \(path) cannot be copied to \(target): \(error)"
    }

    init(_ error: FileError) {
        // Root has become that user, and what it was told to do is not what it may.
        let user = error.code == .system(EACCES) ? " as user \(geteuid()), the owner of the state directory" : ""
        description = "the database cannot be copied: \(error)\(user)"
    }
}
