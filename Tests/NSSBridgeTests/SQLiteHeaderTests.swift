import Testing

@testable import NSSBridge

@Suite("An SQLite header")
struct SQLiteHeaderTests {
    static let whole: [UInt8] = {
        var bytes = Array("SQLite format 3\0".utf8) + [UInt8](repeating: 0, count: 84)
        bytes[16] = 0x10
        bytes[18...19] = [1, 1]
        bytes[31] = 7
        return bytes
    }()

    @Test("says how long the file is")
    func size() throws {
        let header = try SQLiteHeader(parsing: SQLiteHeaderTests.whole.span)
        #expect(header.pageSize == 4096)
        #expect(header.pageCount == 7)
        #expect(header.fileSize == 28_672)
    }

    @Test("has a page size of 65,536, written as 1")
    func largestPage() throws {
        var bytes = SQLiteHeaderTests.whole
        bytes[16...17] = [0, 1]
        #expect(try SQLiteHeader(parsing: bytes.span).fileSize == 7 * 65_536)
    }

    @Test("says nothing about the length where the page count is stale or unknown", arguments: [27, 95])
    func stale(offset: Int) throws {
        var bytes = SQLiteHeaderTests.whole
        bytes[offset] = 1
        #expect(try SQLiteHeader(parsing: bytes.span).fileSize == nil)
        bytes = SQLiteHeaderTests.whole
        bytes[31] = 0
        #expect(try SQLiteHeader(parsing: bytes.span).fileSize == nil)
    }

    @Test("is refused where it is none", arguments: [[0x53], Array("SQLite format 3\0".utf8), Array(whole.dropLast())])
    func truncated(bytes: [UInt8]) {
        #expect(throws: SQLiteHeader.Flaw.truncated) { try SQLiteHeader(parsing: bytes.span) }
    }

    @Test("is refused in WAL mode, in which reading writes", arguments: [18, 19])
    func writeAheadLog(offset: Int) {
        var bytes = SQLiteHeaderTests.whole
        bytes[offset] = 2
        #expect(throws: SQLiteHeader.Flaw.writeAheadLog) { try SQLiteHeader(parsing: bytes.span) }
    }

    @Test("is refused where its magic or its page size is wrong")
    func wrong() {
        #expect(throws: SQLiteHeader.Flaw.empty) { try SQLiteHeader(parsing: [UInt8]().span) }
        for (offset, value) in [(0, 0x73), (15, 1), (16, 0x11), (16, 0)] as [(Int, UInt8)] {
            var bytes = SQLiteHeaderTests.whole
            bytes[offset] = value
            #expect(throws: SQLiteHeader.Flaw.notSQLite) { try SQLiteHeader(parsing: bytes.span) }
        }
    }
}
