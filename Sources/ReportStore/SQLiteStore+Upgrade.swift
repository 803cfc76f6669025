internal import GRDB
internal import Glibc

/// What happens to a database before its tables may be changed.
extension SQLiteStore {
    /// Refuses a database that this version may not touch, and copies one that it is about to change.
    ///
    /// It is opened for reading only: what is refused stays as it is. `willCopy` is told the copy's path before it is made.
    ///
    /// - Returns: the copy's path; nil if there is nothing to change, or nothing yet
    static func prepare(_ path: String, _ willCopy: (String) -> Void) throws -> String? {
        do { return try copyIfOlder(path, willCopy) } catch let error as DatabaseError where error.isDamage {
            throw StoreError("the database \(path) is damaged (\(error)): restore a backup, see posture-scorer(8)")
        }
    }

    private static func copyIfOlder(_ path: String, _ willCopy: (String) -> Void) throws -> String? {
        let applied = try reading(path) { try $0.read(Schema.migrator.appliedIdentifiers) }
        let known = Schema.migrator.migrations
        guard applied.isSubset(of: known) else { throw newer(path, known: known) }
        guard !applied.isEmpty, let first = known.first(where: { !applied.contains($0) }),
            let number = Schema.number(first)
        else { return nil }
        let copy = "\(path).before-\(number)"
        willCopy(copy)
        do { try self.copy(path, to: copy, replacing: true) } catch let error as DatabaseError where !error.isDamage {
            throw CopyError(path, copy, error)
        }
        return copy
    }

    /// An error that names the copies which this version can use, the newest first.
    private static func newer(_ path: String, known: [String]) -> StoreError {
        let next = (known.compactMap(Schema.number).max() ?? 0) + 1
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

    /// What fails here, fails with the database itself, and with a reason.
    init(for path: String) {
        let parent = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        directory = unsafe open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if directory >= 0 { flock(directory, LOCK_EX) }
    }

    func release() {
        if directory >= 0 { close(directory) }
    }
}
