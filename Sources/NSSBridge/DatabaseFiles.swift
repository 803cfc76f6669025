internal import Files
internal import Glibc

/// The files of a database, looked at before NSS opens them.
///
/// NSS answers most of what can be wrong with them with one and the same code, and a FIFO in their place with hanging
/// for ever. POSIX drops a process's locks on a file when the process closes any descriptor of it: look only on the
/// `NSS` actor and only while no database is open.
@NSS
struct DatabaseFiles {
    let directory: String

    /// Accepts a path, with or without `sql:` before it as `certutil -d` has it, that NSS takes as it stands: it is put into a string of settings, and ends at a NUL.
    init(directory: String) throws(NSSDatabaseError) {
        let directory = directory.hasPrefix("sql:") ? String(directory.dropFirst(4)) : directory
        if let format = ["dbm:", "rdb:", "extern:"].first(where: directory.hasPrefix) {
            throw NSSDatabaseError(.otherFormat(String(format.dropLast())), directory)
        }
        guard !directory.isEmpty, directory.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw NSSDatabaseError(.malformedPath, directory.debugDescription)
        }
        self.directory = directory
    }

    func path(_ name: String) -> String {
        "\(directory)/\(name)"
    }

    /// What tells the file, as it is now, from all others, without opening it.
    func identity(of name: String) -> [UInt8] {
        var status = stat()
        unsafe _ = stat(path(name), &status)
        return Array("\(path(name)) \(status.st_dev) \(status.st_ino) \(status.st_size) \(status.st_mtim)".utf8)
    }

    /// Throws what a person would want to know before NSS says `SEC_ERROR_BAD_DATABASE`.
    func check() throws(NSSDatabaseError) {
        try checkDirectory()
        let certificates = FileState(at: path("cert9.db"))
        let keys = FileState(at: path("key4.db"))
        switch (certificates, keys) {
        case (.absent, .absent):
            let isLegacy = ["cert8.db", "key3.db"].contains { FileState(at: path($0)) != .absent }
            throw isLegacy ? NSSDatabaseError(.legacyFormat, directory) : absence(.databaseAbsent, of: path("cert9.db"))
        case (.absent, _):
            throw NSSDatabaseError(.incomplete, path("cert9.db"))
        case (_, .absent):
            throw NSSDatabaseError(.incomplete, path("key4.db"))
        default:
            // Locks first: what a writer is in the middle of need not look whole.
            try checkLocks()
            try certificates.check(path("cert9.db"))
            try keys.check(path("key4.db"))
            try checkJournals()
            try checkContent()
        }
    }

    /// SQLite opens a journal or a log that is there, and would wait for a writer if it is a FIFO.
    private func checkJournals() throws(NSSDatabaseError) {
        for journal in ["cert9.db", "key4.db"].flatMap(journals) {
            if case .flawed(let code) = FileState(at: journal) { throw NSSDatabaseError(code, journal) }
        }
    }

    /// Where a journal of the file, or a write-ahead log, would be: SQLite looks beside the target of a link.
    private func journals(of name: String) -> [String] {
        let target = unsafe realpath(path(name), nil)
        defer { unsafe free(target) }
        let file = unsafe target.map { unsafe String(cString: $0) } ?? path(name)
        let files = file == path(name) ? [file] : [path(name), file]
        return files.flatMap { ["\($0)-journal", "\($0)-wal"] }
    }

    private func checkContent() throws(NSSDatabaseError) {
        for file in ["cert9.db", "key4.db"].map(path) {
            if let code = SQLiteFile.flaw(ofFile: file) { throw NSSDatabaseError(code, file) }
        }
    }

    /// What NSS's refusal of files that looked well comes from.
    func diagnosis(of error: NSSError) -> NSSDatabaseError {
        do throws(NSSDatabaseError) {
            try check()
        } catch {
            return error
        }
        for journal in ["cert9.db", "key4.db"].flatMap(journals) {
            if case .content(_, let size) = FileState(at: journal), size > 0 {
                return NSSDatabaseError(.journal, journal)
            }
        }
        return NSSDatabaseError(.refused(error), directory)
    }

    private func checkLocks() throws(NSSDatabaseError) {
        for name in ["cert9.db", "key4.db"] {
            if let process = exclusiveLockHolder(of: path(name)) {
                throw NSSDatabaseError(.locked(process: process), path(name))
            }
        }
    }

    private func checkDirectory() throws(NSSDatabaseError) {
        var status = stat()
        guard unsafe stat(directory, &status) == 0 else {
            guard let code = NSSDatabaseError.Code(errno: errno) else { throw absence(.directoryAbsent, of: directory) }
            throw NSSDatabaseError(code, directory)
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw NSSDatabaseError(.notADirectory, directory) }
    }

    /// That nothing is at `path`, unless it is only hidden: those are different facts.
    private func absence(_ code: NSSDatabaseError.Code, of path: String) -> NSSDatabaseError {
        NSSDatabaseError(hiding(of: path).map(NSSDatabaseError.Code.hidden) ?? code, directory)
    }
}

extension NSSDatabaseError.Code {
    /// What a failed look at a file says, or nil where it says that nothing is there.
    init?(_ error: FileError) {
        switch error.code {
        case .system(let number): self.init(errno: number)
        case .notRegular, .locked, .tooLong: self = .notARegularFile
        }
    }

    /// What a failed look says, or nil where it says that nothing is there.
    init?(errno number: CInt) {
        switch number {
        case ENOENT: return nil
        case ENOTDIR: self = .notADirectory
        case EACCES, EPERM: self = .permissionDenied
        // open(2) of a socket, and of a device without a driver.
        case ENXIO, ENODEV: self = .notARegularFile
        default: self = .system(number)
        }
    }
}
