internal import CSQLite

/// What is broken in a database file, as SQLite's own check has it.
///
/// NSS steps over what it cannot read: a flipped byte in a page may leave a database without its certificates or keys,
/// and without an error.
enum SQLiteIntegrity {
    /// The most characters of SQLite's own words that are taken: names in them come from the file.
    private static let wordLimit = 200

    /// Checks the file at `path`; nil where it is whole, and where it cannot be told: it is locked, or has a journal.
    ///
    /// Nothing is made or written. A journal beside the file is opened, and has to be a regular file. The time goes by
    /// the size: about 0.1 s for 10,000 certificates.
    ///
    /// - SeeAlso: <https://www.sqlite.org/pragma.html#pragma_integrity_check>
    @NSS
    static func damage(ofFile path: String) -> String? {
        var connection: OpaquePointer?
        let status = unsafe sqlite3_open_v2(path, &connection, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nil)
        // A failed one is there all the same, to be asked why and closed.
        defer { unsafe _ = sqlite3_close_v2(connection) }
        guard let connection = unsafe connection, status == SQLITE_OK else { return nil }
        return unsafe damage(seenBy: connection)
    }

    @NSS
    private static func damage(seenBy connection: OpaquePointer) -> String? {
        // The schema is the file's: it calls no function that could do harm.
        unsafe _ = sqlite3_exec(connection, "PRAGMA trusted_schema=OFF", nil, nil, nil)
        var statement: OpaquePointer?
        defer { unsafe _ = sqlite3_finalize(statement) }
        var status = unsafe sqlite3_prepare_v2(connection, "PRAGMA integrity_check(1)", -1, &statement, nil)
        if status == SQLITE_OK { status = unsafe sqlite3_step(statement) }
        guard status == SQLITE_ROW else {
            return isUndecided(status) ? nil : unsafe words(sqlite3_errmsg(connection))
        }
        let answer = unsafe sqlite3_column_text(statement, 0).map { unsafe String(cString: $0) } ?? ""
        return answer == "ok" ? nil : legible(answer)
    }

    /// Whether the check did not come about for a reason that is looked for elsewhere: a lock, or a journal, which a
    /// reader may not roll back.
    private static func isUndecided(_ status: CInt) -> Bool {
        [SQLITE_BUSY, SQLITE_LOCKED, SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_NOMEM].contains(status & 0xFF)
    }

    private static func words(_ text: UnsafePointer<CChar>?) -> String {
        legible(unsafe text.map { unsafe String(cString: $0) } ?? "")
    }

    /// One line of bounded length.
    static func legible(_ text: String) -> String {
        let scalars = text.unicodeScalars.prefix(wordLimit).map { scalar -> Character in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse: " "
            default: Character(scalar)
            }
        }
        return String(scalars).split(separator: " ").joined(separator: " ")
    }
}
