internal import CSQLite
internal import PostureModel

/// A look at one file of a database with SQLite itself, within bounds, before NSS is given it.
///
/// NSS evaluates what the file's schema says, and steps over what it cannot read: a flipped byte in a page may leave a
/// database without its certificates or keys, and without an error.
@NSS
@safe
struct SQLiteFile: ~Copyable {
    /// The most rows of a table of objects: Objects.limit for each class that we list, and as many others.
    static let rowLimit = 200_000
    /// The most rows of `metaData`, which has some for each trust record.
    static let metaDataLimit = 500_000

    private let connection: OpaquePointer

    /// Says what is wrong with the file at `path`; nil where nothing is, and where it cannot be told since it has a journal,
    /// which a reader may not roll back.
    ///
    /// Nothing is made or written. The time goes by the size: about 0.1 s for 10,000 certificates.
    static func flaw(ofFile path: String, budget: SQLiteGuard.Budget = .look) -> NSSDatabaseError.Code? {
        do throws(SQLiteFailure) {
            SQLiteGuard.begin(budget)
            let file = try SQLiteFile(path)
            return try file.flaw()
        } catch {
            return error.code
        }
    }

    private init(_ path: String) throws(SQLiteFailure) {
        _ = SQLiteGuard.prepared
        var connection: OpaquePointer?
        let status = unsafe sqlite3_open_v2(path, &connection, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nil)
        guard let connection = unsafe connection, status == SQLITE_OK else {
            let failure = unsafe SQLiteFailure(status, connection)
            // A failed one is there all the same, to be asked why and closed.
            unsafe _ = sqlite3_close_v2(connection)
            throw failure
        }
        unsafe self.connection = connection
        unsafe SQLiteGuard.bound(connection)
    }

    deinit { unsafe _ = sqlite3_close_v2(connection) }

    /// The schema comes first: nothing of a table may be evaluated before it is known to be NSS's own.
    private borrowing func flaw() throws(SQLiteFailure) -> NSSDatabaseError.Code? {
        // One transaction, so that the schema stays what it was found to be.
        _ = try statement("BEGIN").next()
        let entries = try entries()
        if let foreign = SQLiteSchema.foreignEntry(in: entries) { return .foreign(foreign) }
        for entry in entries where entry.type == "table" {
            if let flaw = try flaw(ofTable: entry.name, columns: SQLiteSchema.columns(of: entry)) { return flaw }
        }
        for entry in entries where entry.type == "index" { try walk(entry) }
        do throws(SQLiteFailure) {
            return try damage(seenBy: "integrity_check")
        } catch {
            // A name too large to be compared with its index; NSS passes over such a row, and the rest is looked at.
            guard [SQLITE_TOOBIG, SQLITE_NOMEM].contains(error.status) else { throw error }
            return try damage(seenBy: "quick_check")
        }
    }

    /// Goes through an index, page by page; SQLite's cursors refuse one of more than twenty levels.
    ///
    /// Its integrity check does not: it calls itself for each level, and a chain of pages would exhaust the stack. Tables
    /// were gone through as their rows were counted.
    private borrowing func walk(_ index: SchemaEntry) throws(SQLiteFailure) {
        guard let column = SQLiteSchema.columns(of: index).first else { return }
        // The type of a value is known without reading it.
        let rows = try statement(
            "SELECT count(typeof(\(column))) FROM \(index.table) INDEXED BY \"\(index.name)\""
        )
        _ = try rows.next()
    }

    /// - SeeAlso: <https://www.sqlite.org/pragma.html#pragma_integrity_check>
    private borrowing func damage(seenBy check: String) throws(SQLiteFailure) -> NSSDatabaseError.Code? {
        let check = try statement("PRAGMA \(check)(1)")
        guard try check.next(), let answer = check.text(0) else { return .damaged("") }
        return answer == "ok" ? nil : .damaged(answer.printable(limit: SQLiteFailure.wordLimit))
    }

    private borrowing func entries() throws(SQLiteFailure) -> [SchemaEntry] {
        let rows = try statement(
            "SELECT type, name, tbl_name, sql FROM sqlite_schema LIMIT \(SQLiteSchema.entryLimit + 1)"
        )
        var entries: [SchemaEntry] = []
        while try rows.next() {
            let (type, name, table) = (rows.text(0) ?? "", rows.text(1) ?? "", rows.text(2) ?? "")
            entries.append(SchemaEntry(type: type, name: name, table: table, sql: rows.text(3)))
        }
        return entries
    }

    /// Says what makes NSS slow, or large, in a table that is NSS's own.
    private borrowing func flaw(ofTable table: String, columns: [String]) throws(SQLiteFailure)
        -> NSSDatabaseError.Code?
    {
        // Row by row, so that the budget is looked at: count(*) would go through pages that refer to each other for ever.
        let counted = try statement("SELECT count(typeof(id)) FROM \(table) NOT INDEXED")
        _ = try counted.next()
        let count = counted.integer(0)
        guard count <= (table == "metaData" ? SQLiteFile.metaDataLimit : SQLiteFile.rowLimit) else {
            return .tooManyRows(count, table: table)
        }
        // NSS goes through all ids and classes to find those that it wants: they have to be small.
        for key in table == "metaData" ? ["id"] : ["id", "a0"] where columns.contains(key) {
            // The length of a text ends at its first NUL.
            let large = try statement(
                "SELECT rowid FROM \(table) WHERE length(\(key)) > 200 "
                    + "OR typeof(\(key)) = 'text' AND length(CAST(\(key) AS BLOB)) > 200 LIMIT 1"
            )
            if try large.next() {
                return .foreign("an \(key) of more than 200 bytes in row \(large.integer(0)) of \(table)")
            }
        }
        // Private keys behind a password, and signatures made with one, say how often it is to be hashed.
        let secrets: Set = ["item1", "item2", "a11", "a123", "a124", "a125", "a126", "a127", "a128"]
        for column in columns where table != "nssPublic" && secrets.contains(column) {
            if let flaw = try flaw(ofSecrets: column, in: table) { return flaw }
        }
        return nil
    }

    private borrowing func flaw(ofSecrets column: String, in table: String) throws(SQLiteFailure)
        -> NSSDatabaseError.Code?
    {
        let rows = try statement(
            // NSS takes a text for bytes, and never writes one here.
            "SELECT \(column), rowid FROM \(table) WHERE typeof(\(column)) = 'text' OR typeof(\(column)) = 'blob' "
                + "AND length(\(column)) BETWEEN 8 AND \(SQLiteGuard.rowSizeLimit / 2)"
        )
        while try rows.next() {
            guard rows.isBlob(0) else { return .foreign("a text for bytes in row \(rows.integer(1)) of \(table)") }
            let cost = PasswordCost(parsing: rows.bytes(0).span)
            if let cost, cost.isExcessive { return .slowPassword(iterations: cost.iterations) }
        }
        return nil
    }

    private borrowing func statement(_ sql: String) throws(SQLiteFailure) -> SQLiteStatement {
        try unsafe SQLiteStatement(sql, connection)
    }
}
