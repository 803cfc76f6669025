internal import Files
internal import GRDB
internal import Glibc

/// The steps before the tables of a database may be changed.
extension SQLiteStore {
    /// Refuses a database that this version may not touch, and copies one that it is about to change.
    ///
    /// It is opened for reading only: what is refused stays as it is.
    ///
    /// - Returns: the copy's path; nil if there is nothing to change, or nothing yet
    static func prepare(_ path: String, _ schema: Schema, _ progress: @escaping UpgradeProgress.Handler) throws
        -> String?
    {
        try checkFiles(of: path)
        do { return try copyIfOlder(path, schema, progress) } catch let error as DatabaseError where error.isDamage {
            throw StoreError("the database \(path) is damaged (\(error)): restore a backup, see posture-scorer(8)")
        }
    }

    /// Refuses a database, or a companion of it, that is no regular file: SQLite would wait for the other end of a FIFO.
    ///
    /// The database itself may be a link to a file; SQLite looks for the companions beside that.
    static func checkFiles(of path: String) throws {
        let target = unsafe realpath(path, nil)
        defer { unsafe free(target) }
        let file = unsafe target.map { unsafe String(cString: $0) } ?? path
        for suffix in ["", "-wal", "-shm", "-journal"] {
            var status = stat()
            guard unsafe lstat(file + suffix, &status) == 0 else { continue }
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw StoreError("\(file)\(suffix) is not a regular file: remove it, and see who put it there")
            }
        }
    }

    private static func copyIfOlder(
        _ path: String,
        _ schema: Schema,
        _ progress: @escaping UpgradeProgress.Handler
    ) throws -> String? {
        let applied = try reading(path) { try $0.read(schema.migrator.appliedIdentifiers) }
        let known = schema.migrator.migrations
        guard applied.isSubset(of: known) else { throw newer(path, known: known) }
        guard !applied.isEmpty, let first = known.first(where: { !applied.contains($0) }),
            let number = Schema.Migration.number(first)
        else { return nil }
        let copy = "\(path).before-\(number)"
        progress(.willCopy(to: copy))
        let observer = ProgressObserver { progress(.advanced) }
        do { try self.copy(path, to: copy, replacing: true, observer) } catch let error as DatabaseError
            where !error.isDamage
        { throw CopyError(path, copy, error) }
        return copy
    }

    /// An error that names the copies which this version can use, the newest first.
    private static func newer(_ path: String, known: [String]) -> StoreError {
        let next = (known.compactMap(Schema.Migration.number).max() ?? 0) + 1
        let names: [String] = (1...next).reversed().map { "\(path).before-\($0)" }
        let copies = names.filter { unsafe access($0, F_OK) == 0 }
        let begin =
            "the database \(path) was written by a newer posture-scorer, and is left as it is: install that version again, or "
        guard let copy = copies.first else {
            return StoreError(begin + "restore a backup from before the upgrade, see posture-scorer(8)")
        }
        return StoreError(
            begin + "go back to \(copy), the copy from before the upgrade, and lose what came since: systemctl stop "
                + "posture-scorer; for end in '' -wal -shm -journal; do mv \(path)$end \(path).newer$end; done; install "
                + "-o posture-scorer -g posture-scorer -m 600 \(copy) \(path); systemctl start posture-scorer"
        )
    }

    static func reading<Value>(_ path: String, _ body: (DatabaseQueue) throws -> Value) throws -> Value {
        func look(readonly: Bool) throws -> Value {
            var configuration = Configuration()
            configuration.readonly = readonly
            configuration.busyMode = .timeout(5)
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            defer { try? queue.close() }
            return try body(queue)
        }
        do { return try look(readonly: true) } catch let error as DatabaseError
            where error.resultCode == .SQLITE_READONLY
        {
            // A crash left a rollback journal: what it undoes has to be written before there is anything to read.
            return try look(readonly: false)
        }
    }
}

extension DatabaseError {
    fileprivate var isDamage: Bool { [.SQLITE_NOTADB, .SQLITE_CORRUPT].contains(resultCode) }
}

/// Of two processes that open a database of an older version, the second waits for the first to copy and change it.
struct UpgradeLock {
    private let directory: CInt

    /// Waits as long as `patience`; what else fails here, fails with the database itself, and with a reason.
    init(for path: String, patience: Duration = .seconds(600)) throws {
        let parent = parentDirectory(of: path)
        directory = unsafe open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { return }
        do throws(FileError) { try lockDescriptor(directory, of: parent, within: patience) } catch {
            guard case .locked = error.code else { return }
            close(directory)
            throw StoreError(
                "\(error): wait for it to bring the database up to date, or end it (fuser -v \(parent) names it)"
            )
        }
    }

    func release() {
        if directory >= 0 { close(directory) }
    }
}
