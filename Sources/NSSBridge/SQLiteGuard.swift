internal import CSQLite
internal import Glibc
internal import Synchronization

/// Bounds on what SQLite does with a file that somebody else may have made.
///
/// softoken, NSS's own token, opens the database by itself, after we have looked at it. The same bounds are put on its
/// connections: the file may have been replaced in between.
@NSS
enum SQLiteGuard {
    /// What SQLite may spend.
    struct Budget {
        /// Instructions of SQLite's virtual machine, in thousands.
        var steps: Int
        /// CPU time of NSS's thread, so that a busy machine does not make a good database fail.
        var time: Duration

        /// For our own look at one file; one with 10,000 certificates takes 0.1 s.
        static let look = Budget(steps: 200_000, time: .seconds(2))
        /// For NSS to open a database, list it or sign once; one with 10,000 certificates takes 1.4 s.
        static let use = Budget(steps: 500_000, time: .seconds(15))
    }

    /// The most bytes of one row that are read into memory: a certificate has 64 KiB at most.
    static nonisolated let rowSizeLimit = 1 << 20
    /// The most memory that SQLite takes in this process, in bytes; its page caches have 2 MB each.
    private static let heapLimit: Int64 = 64 << 20

    private static nonisolated let steps = Atomic<Int>(0)
    /// In nanoseconds of the thread's CPU clock.
    private static nonisolated let deadline = Atomic<Int64>(0)

    /// Begins to count.
    static func begin(_ budget: Budget) {
        let (seconds, attoseconds) = budget.time.components
        steps.store(budget.steps, ordering: .relaxed)
        deadline.store(now() + seconds * 1_000_000_000 + attoseconds / 1_000_000_000, ordering: .relaxed)
    }

    /// Whether the budget is spent: what is asked of SQLite then fails.
    static nonisolated var isSpent: Bool {
        steps.load(ordering: .relaxed) <= 0 || now() >= deadline.load(ordering: .relaxed)
    }

    /// Sets the bounds that hold for the whole process, once.
    ///
    /// The memory of all connections is bounded, and SQLite opens nothing but files: it would wait for ever for the
    /// other end of a FIFO that was put in the place of a file after we have looked.
    static let prepared: Void = {
        _ = sqlite3_hard_heap_limit64(heapLimit)
        precondition(CSQLite_open_without_waiting() == SQLITE_OK, "SQLite's calls cannot be replaced")
    }()

    /// Bounds every connection that `body` opens, also those of other libraries.
    static func guarding<Value>(_ body: () -> Value) -> Value {
        unsafe CSQLite_watch_connections(entry)
        defer { unsafe CSQLite_unwatch_connections(entry) }
        return body()
    }

    private static nonisolated let entry: CSQLite_entry = { connection, _, _ in
        if let connection = unsafe connection { unsafe SQLiteGuard.bound(connection) }
        return SQLITE_OK
    }

    /// Bounds a connection: no views, no triggers, no functions with effects, small values and statements, and the budget.
    ///
    /// - SeeAlso: <https://www.sqlite.org/security.html>
    static nonisolated func bound(_ connection: OpaquePointer) {
        let settings = [
            (SQLITE_DBCONFIG_DEFENSIVE, 1), (SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0), (SQLITE_DBCONFIG_ENABLE_VIEW, 0),
            (SQLITE_DBCONFIG_ENABLE_TRIGGER, 0), (SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0),
        ]
        for (option, value) in settings { unsafe _ = CSQLite_set(connection, option, CInt(value)) }
        let limits = [
            (SQLITE_LIMIT_LENGTH, rowSizeLimit), (SQLITE_LIMIT_SQL_LENGTH, 32_768), (SQLITE_LIMIT_COLUMN, 1000),
            (SQLITE_LIMIT_EXPR_DEPTH, 50), (SQLITE_LIMIT_COMPOUND_SELECT, 2), (SQLITE_LIMIT_VDBE_OP, 25_000),
            (SQLITE_LIMIT_FUNCTION_ARG, 8), (SQLITE_LIMIT_ATTACHED, 0), (SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100),
            (SQLITE_LIMIT_VARIABLE_NUMBER, 1000), (SQLITE_LIMIT_TRIGGER_DEPTH, 1),
        ]
        for (limit, value) in limits { unsafe _ = sqlite3_limit(connection, limit, CInt(value)) }
        unsafe sqlite3_progress_handler(connection, 1000, { _ in SQLiteGuard.step() }, nil)
    }

    /// Counts a thousand instructions; other than 0 ends what SQLite is doing.
    private static nonisolated func step() -> CInt {
        steps.subtract(1, ordering: .relaxed)
        return isSpent ? 1 : 0
    }

    private static nonisolated func now() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
