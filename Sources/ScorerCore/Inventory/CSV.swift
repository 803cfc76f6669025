/// Comma-separated values (RFC 4180): lines of fields, each field plain or in double quotes.
///
/// Lines end with CRLF, LF or CR. A field in quotes may hold commas, line ends and doubled quotes.
enum CSV {
    /// One line of fields.
    struct Record: Equatable {
        /// The number of the line that it begins on, from 1.
        var line: Int
        var fields: [String]
    }

    /// Why a text is none.
    struct Malformed: Error, Equatable {
        var line: Int
        /// The number of the field, from 1.
        var column: Int
        /// What is wrong, without a subject.
        var reason: String
    }

    /// The most fields of a line.
    static let fieldLimit = 64

    /// The lines of a text, of which blank ones are left out; at most `limit`.
    static func records(_ bytes: [UInt8], limit: Int) throws(Malformed) -> [Record] {
        var parser = Parser(bytes)
        var records: [Record] = []
        while let record = try parser.next() {
            // A line without anything is one blank field.
            if record.fields == [""] { continue }
            guard records.count < limit else {
                throw Malformed(line: record.line, column: 1, reason: "there are more than \(limit) lines")
            }
            records.append(record)
        }
        return records
    }

    private struct Parser {
        let bytes: [UInt8]
        var position: Int
        var line = 1

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
            // The mark that some programs put before UTF-8.
            position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        }

        /// The byte after so many; nil behind the end.
        private func byte(_ offset: Int = 0) -> UInt8? {
            position + offset < bytes.count ? bytes[position + offset] : nil
        }

        mutating func next() throws(Malformed) -> Record? {
            guard byte() != nil else { return nil }
            var record = Record(line: line, fields: [])
            repeat {
                let column = record.fields.count + 1
                guard column <= CSV.fieldLimit else {
                    throw Malformed(line: line, column: column, reason: "there are more than \(CSV.fieldLimit) fields")
                }
                let start = line
                let field = byte() == Self.quote ? try quoted(column) : plain()
                guard let text = String(validating: field, as: UTF8.self) else {
                    throw Malformed(line: start, column: column, reason: "is not UTF-8")
                }
                guard byte() == nil || byte() == Self.comma || atLineEnd else {
                    let reason = "has a quote inside: a field with quotes is in quotes as a whole, and doubles them"
                    throw Malformed(line: line, column: column, reason: reason)
                }
                record.fields.append(text)
            } while takeComma()
            takeLineEnd()
            return record
        }

        /// Up to a comma, a quote or the end of the line.
        private mutating func plain() -> ArraySlice<UInt8> {
            let start = position
            while let next = byte(), next != Self.comma, next != Self.quote, !atLineEnd { position += 1 }
            return bytes[start..<position]
        }

        private mutating func quoted(_ column: Int) throws(Malformed) -> ArraySlice<UInt8> {
            let start = line
            var field: ArraySlice<UInt8> = []
            position += 1
            while let next = byte() {
                position += 1
                if next == Self.newline { line += 1 }
                if next != Self.quote {
                    field.append(next)
                } else if byte() == Self.quote {
                    field.append(next)
                    position += 1
                } else {
                    return field
                }
            }
            throw Malformed(line: start, column: column, reason: "has a quote that is never closed")
        }

        private var atLineEnd: Bool {
            byte() == Self.newline || byte() == Self.carriageReturn
        }

        private mutating func takeComma() -> Bool {
            guard byte() == Self.comma else { return false }
            position += 1
            return true
        }

        private mutating func takeLineEnd() {
            guard byte() != nil else { return }
            position += byte() == Self.carriageReturn && byte(1) == Self.newline ? 2 : 1
            line += 1
        }

        private static let quote = UInt8(ascii: "\"")
        private static let comma = UInt8(ascii: ",")
        private static let newline = UInt8(ascii: "\n")
        private static let carriageReturn = UInt8(ascii: "\r")
    }
}
