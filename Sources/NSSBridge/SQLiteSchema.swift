internal import PostureModel

/// An entry of an SQLite database's schema: a row of `sqlite_schema`.
struct SchemaEntry: Equatable {
    /// `table`, `index`, `view` or `trigger`; in a file that was tampered with, anything.
    var type: String
    var name: String
    /// The table that an index is of.
    var table: String
    /// The statement that made it; nil for the index that SQLite makes for a primary key.
    var sql: String?
}

/// The schemas that NSS makes: tables of columns without types or expressions, and indexes of plain columns.
///
/// Anything else (a view, a trigger, a virtual table, a generated column, a CHECK, an index of an expression) is a program
/// of whoever wrote the file, and runs when the table is read or checked. NSS has made these since version 3.12:
/// `nssPublic`, `nssPrivate` and `metaData`, with more columns from version to version.
///
/// - SeeAlso: <https://www.sqlite.org/schematab.html>
enum SQLiteSchema {
    /// The most entries of a schema; NSS makes nine at most in a file.
    static let entryLimit = 64

    /// The first entry that NSS does not make, in words such as `the view 'nssPublic'`; nil where there is none.
    static func foreignEntry(in entries: [SchemaEntry]) -> String? {
        if entries.count > entryLimit { return "more than \(entryLimit) tables and indexes" }
        return entries.first { !isOfNSS($0) }.map { entry in
            let kinds = ["table", "index", "view", "trigger"]
            return "the \(kinds.contains(entry.type) ? entry.type : "entry") '\(entry.name.printable(limit: 64))'"
        }
    }

    /// The names of the columns of a table or an index of NSS's, in lower case.
    static func columns(of entry: SchemaEntry) -> [String] {
        // SQLite's own index is of the table's key.
        guard let sql = entry.sql else { return ["id"] }
        return parts(of: sql)?.columns.compactMap(\.first) ?? []
    }

    private static let tables: Set<String> = ["nssPublic", "nssPrivate", "metaData"]

    private static func isOfNSS(_ entry: SchemaEntry) -> Bool {
        switch entry.type {
        case "table":
            guard tables.contains(entry.name), entry.table == entry.name, let sql = entry.sql else { return false }
            return isPlainTable(sql, named: entry.name)
        case "index":
            guard tables.contains(entry.table) else { return false }
            guard let sql = entry.sql else {
                let prefix = "sqlite_autoindex_\(entry.table)_"
                return entry.name.hasPrefix(prefix) && entry.name.dropFirst(prefix.count).allSatisfy(\.isWholeNumber)
            }
            return isPlainIndex(sql, named: entry.name, of: entry.table)
        default: return false
        }
    }

    /// Whether a statement is `CREATE TABLE name (id PRIMARY KEY UNIQUE ON CONFLICT …, a0, a1, …)` and no more.
    private static func isPlainTable(_ sql: String, named name: String) -> Bool {
        guard let (head, columns) = parts(of: sql), head == ["create", "table", name.lowercased()] else { return false }
        let key = ["id", "primary", "key", "unique", "on", "conflict"]
        guard let first = columns.first, [key + ["abort"], key + ["replace"]].contains(first) else { return false }
        return columns.dropFirst().allSatisfy { words in words.count == 1 && isColumn(words[0]) }
    }

    /// Whether a statement is `CREATE INDEX name ON table (a81)` and no more.
    private static func isPlainIndex(_ sql: String, named name: String, of table: String) -> Bool {
        guard let (head, columns) = parts(of: sql),
            head == ["create", "index", name.lowercased(), "on", table.lowercased()]
        else { return false }
        return columns.allSatisfy { words in words.count == 1 && (isColumn(words[0]) || words[0] == "id") }
    }

    /// Whether a name is that of an attribute (`a` and its number in hexadecimal) or of an item of `metaData`.
    private static func isColumn(_ name: String) -> Bool {
        if name == "item1" || name == "item2" { return true }
        return name.first == "a" && (2...17).contains(name.utf8.count) && name.dropFirst().allSatisfy(\.isHexDigit)
    }

    /// The words before the one pair of parentheses of a statement, and those between its commas, in lower case; nil where
    /// the statement has anything else.
    private static func parts(of sql: String) -> (head: [String], columns: [[String]])? {
        var lists: [[String]] = [[]]
        var word: [UInt8] = []
        var isOpen = false
        var isClosed = false
        func endWord() {
            if !word.isEmpty { lists[lists.count - 1].append(String(decoding: word, as: UTF8.self)) }
            word = []
        }
        for byte in sql.lowercased().utf8 {
            switch byte {
            case _ where isClosed: return nil
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                word.append(byte)
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\t"), UInt8(ascii: "\r"): endWord()
            case UInt8(ascii: "("):
                guard !isOpen else { return nil }
                isOpen = true
                endWord()
                lists.append([])
            case UInt8(ascii: ","):
                guard isOpen else { return nil }
                endWord()
                lists.append([])
            case UInt8(ascii: ")"):
                guard isOpen else { return nil }
                isClosed = true
                endWord()
            default: return nil
            }
        }
        return isClosed ? (lists[0], Array(lists.dropFirst())) : nil
    }
}
