/// The first 100 bytes of an SQLite 3 database, as far as they tell whether the file is whole.
///
/// - SeeAlso: <https://www.sqlite.org/fileformat2.html#the_database_header>
struct SQLiteHeader: Equatable {
    /// The length of the header in bytes.
    static let length = 100

    /// What is wrong with a header.
    enum Flaw: Error, Equatable {
        case empty
        case notSQLite
        case truncated
        case writeAheadLog
    }

    /// The size of a page in bytes: a power of two from 512 to 65,536.
    let pageSize: Int
    /// The number of pages, or nil where the last writer did not keep it.
    let pageCount: Int?

    /// The bytes the file must have at least, where the header says so.
    var fileSize: Int? {
        pageCount.map { $0 * pageSize }
    }

    /// Parses the beginning of a file; bytes after the header are ignored.
    init(parsing bytes: Span<UInt8>) throws(Flaw) {
        guard !bytes.isEmpty else { throw .empty }
        let magic = Array("SQLite format 3\0".utf8)
        for index in 0..<min(magic.count, bytes.count) where bytes[index] != magic[index] {
            throw .notSQLite
        }
        guard bytes.count >= SQLiteHeader.length else { throw .truncated }

        // "File format write and read version": 1 is a rollback journal, 2 is WAL.
        guard bytes[18] == 1, bytes[19] == 1 else { throw .writeAheadLog }

        func number(at offset: Int, length: Int) -> Int {
            (offset..<offset + length).reduce(0) { $0 << 8 | Int(bytes[$1]) }
        }
        let size = number(at: 16, length: 2)
        pageSize = size == 1 ? 65_536 : size
        guard (512...65_536).contains(pageSize), pageSize & (pageSize - 1) == 0 else { throw .notSQLite }
        // Writers before SQLite 3.7.0 change the counter and leave the page count behind: then it says nothing.
        let count = number(at: 28, length: 4)
        let isKept = number(at: 24, length: 4) == number(at: 92, length: 4)
        pageCount = isKept && count > 0 ? count : nil
    }
}
