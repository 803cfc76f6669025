internal import CSQLite
internal import PostureModel

/// A statement of SQLite's, and the row that it stands at.
@NSS
@safe
struct SQLiteStatement: ~Copyable {
    private let pointer: OpaquePointer
    private let connection: OpaquePointer

    init(_ sql: String, _ connection: OpaquePointer) throws(SQLiteFailure) {
        var pointer: OpaquePointer?
        let status = unsafe sqlite3_prepare_v2(connection, sql, -1, &pointer, nil)
        guard let pointer = unsafe pointer, status == SQLITE_OK else { throw unsafe SQLiteFailure(status, connection) }
        unsafe self.pointer = pointer
        unsafe self.connection = connection
    }

    deinit { unsafe _ = sqlite3_finalize(pointer) }

    /// Goes to the next row; false where there is none.
    borrowing func next() throws(SQLiteFailure) -> Bool {
        let status = unsafe sqlite3_step(pointer)
        guard status == SQLITE_ROW || status == SQLITE_DONE else { throw unsafe SQLiteFailure(status, connection) }
        return status == SQLITE_ROW
    }

    borrowing func text(_ column: CInt) -> String? {
        unsafe sqlite3_column_text(pointer, column).map { unsafe String(cString: $0) }
    }

    borrowing func integer(_ column: CInt) -> Int {
        unsafe Int(sqlite3_column_int64(pointer, column))
    }

    borrowing func isBlob(_ column: CInt) -> Bool {
        unsafe sqlite3_column_type(pointer, column) == SQLITE_BLOB
    }

    borrowing func bytes(_ column: CInt) -> [UInt8] {
        guard let start = unsafe sqlite3_column_blob(pointer, column) else { return [] }
        let count = unsafe Int(sqlite3_column_bytes(pointer, column))
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }
}

/// What SQLite says of a call that failed.
struct SQLiteFailure: Error, Equatable {
    /// The most characters of SQLite's own words that are taken: names in them come from the file.
    static let wordLimit = 200

    /// The primary result code.
    let status: CInt
    let words: String

    init(_ status: CInt, _ connection: OpaquePointer?) {
        self.status = status & 0xFF
        let text = unsafe sqlite3_errmsg(connection).map { unsafe String(cString: $0) } ?? ""
        words = text.printable(limit: SQLiteFailure.wordLimit)
    }

    /// What it says of the file; nil where something else does: a journal, which a reader may not roll back, or that NSS
    /// itself will not open it.
    var code: NSSDatabaseError.Code? {
        switch status {
        case SQLITE_CANTOPEN, SQLITE_READONLY: nil
        case SQLITE_BUSY, SQLITE_LOCKED: .locked(process: 0)
        case SQLITE_INTERRUPT, SQLITE_NOMEM, SQLITE_TOOBIG: .beyondBounds
        default: .damaged(words)
        }
    }
}
