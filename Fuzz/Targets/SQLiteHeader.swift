@testable internal import NSSBridge

/// The first bytes of a file where a database should be.
///
/// What holds: they are refused, or say sizes that are possible.
func fuzzSQLiteHeader(_ bytes: [UInt8]) {
    guard let header = try? SQLiteHeader(parsing: bytes.span) else { return }
    hold(bytes.count >= SQLiteHeader.length, "a header has 100 bytes")
    hold(header.pageSize.nonzeroBitCount == 1, "the size of a page is a power of two")
    hold(header.fileSize.map { $0 >= header.pageSize } ?? true, "a file holds a page at least")
}
