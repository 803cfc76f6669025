internal import PostureModel

/// Comma-separated values whose first line names the columns, each line as long as that one.
struct CSVTable {
    /// The names of the columns, in lower case.
    let names: [String]
    /// The number of the line that names the columns.
    let headerLine: Int
    /// The lines below it; those of blank fields alone are left out.
    let records: [CSV.Record]

    /// Reads a table of at most `limit` lines.
    ///
    /// - Parameters:
    ///   - bytes: The text.
    ///   - limit: The most lines below the first.
    ///   - known: Names of columns that tell such a table from one with other separators.
    /// - Throws: ``OperatorError`` that names the line and the column.
    init(_ bytes: [UInt8], limit: Int, naming known: Set<String>) throws(OperatorError) {
        if let format = FileFormat(of: bytes, naming: known) { throw OperatorError(.malformed, "line 1: \(format)") }
        var records: [CSV.Record]
        do throws(CSV.Malformed) { records = try CSV.records(bytes, limit: limit + 1) } catch {
            throw OperatorError(.malformed, "line \(error.line), column \(error.column): \(error.reason)")
        }
        // A line of Excel's that says what separates the fields.
        if records.first?.fields.map({ $0.lowercased() }) == ["sep=", ""] { records.removeFirst() }
        guard let header = records.first else { throw OperatorError(.malformed, "line 1: there is no line") }
        let names = header.fields.map { $0.trimmed().lowercased() }
        // The empty rows below a table are left out.
        records = records.dropFirst().filter { !$0.fields.allSatisfy { $0.trimmed().isEmpty } }
        if let odd = records.first(where: { $0.fields.count != names.count }) {
            throw OperatorError(
                .malformed,
                "line \(odd.line): there are \(odd.fields.count) fields, and the first line has \(names.count)"
            )
        }
        (self.names, headerLine, self.records) = (names, header.line, records)
    }

    /// The place of a column in a line, for an error.
    func place(_ record: CSV.Record, _ column: Int) -> String {
        "line \(record.line), column \(column + 1) (\(names[column].printable(limit: 64)))"
    }

    /// Refuses a table in which two columns have one of these names.
    func requireOnce(_ columns: [String]) throws(OperatorError) {
        if let twice = columns.first(where: { column in names.count { $0 == column } > 1 }) {
            throw OperatorError(.malformed, "line \(headerLine): two columns are '\(twice.printable(limit: 64))'")
        }
    }
}
