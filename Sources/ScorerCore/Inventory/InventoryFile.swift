internal import ConfigurationFile
internal import PostureModel
package import ScorerModel
internal import ScorerStore

/// An inventory that is to be imported: every line of it was looked at.
package struct InventoryFile: Sendable, Equatable {
    /// The most bytes that are read of a file or of a request.
    package static let sizeLimit = 16 * 1024 * 1024
    /// The machines.
    package let items: [InventoryItem]
    /// The columns that mean nothing here.
    package let ignored: [String]

    /// Takes a file of comma-separated values.
    ///
    /// - Throws: ``OperatorError`` that names the line and the column, or an error that says why the file cannot be read.
    package init(file path: String) throws {
        try self.init(csv: readFile(path, limit: Self.sizeLimit))
    }

    /// Takes comma-separated values (RFC 4180) whose first line names the columns: `serial`, and perhaps
    /// `certificate_name` and `tag`.
    package init(csv bytes: [UInt8]) throws(OperatorError) {
        if let format = FileFormat(of: bytes) { throw OperatorError(.malformed, "line 1: \(format)") }
        var records: [CSV.Record]
        do throws(CSV.Malformed) {
            records = try CSV.records(bytes, limit: InventoryItem.limit + 1)
        } catch {
            throw OperatorError(.malformed, "line \(error.line), column \(error.column): \(error.reason)")
        }
        // A line of Excel's that says what separates the fields.
        if records.first?.fields.map({ $0.lowercased() }) == ["sep=", ""] { records.removeFirst() }
        guard let header = records.first else { throw OperatorError(.malformed, "line 1: there is no line") }
        let names = header.fields.map { $0.trimmed().lowercased() }
        guard let serial = names.firstIndex(of: Self.columns[0]) else {
            throw OperatorError(
                .malformed,
                "line \(header.line): no column is 'serial': the first line names the columns serial, certificate_name and tag, "
                    + "separated by commas"
            )
        }
        if let twice = Self.columns.first(where: { column in names.count { $0 == column } > 1 }) {
            throw OperatorError(.malformed, "line \(header.line): two columns are '\(twice)'")
        }
        var checked = Checked()
        for record in records.dropFirst() {
            // The empty rows below a table.
            if record.fields.allSatisfy({ $0.trimmed().isEmpty }) { continue }
            guard record.fields.count == names.count else {
                throw OperatorError(
                    .malformed,
                    "line \(record.line): there are \(record.fields.count) fields, and the first line has \(names.count)"
                )
            }
            func field(_ name: String) -> String? { names.firstIndex(of: name).map { record.fields[$0] } }
            try checked.add(
                serial: record.fields[serial],
                certificateName: field(Self.columns[1]),
                tag: field(Self.columns[2])
            ) { name in
                "line \(record.line), column \((names.firstIndex(of: name) ?? 0) + 1) (\(name))"
            }
        }
        items = try checked.all()
        ignored = names.filter { !Self.columns.contains($0) }.map { $0.printable(limit: 64) }
    }

    /// Takes JSON: `{"items": [{"serial": …, "certificate_name": …, "tag": …}]}`.
    package init(json bytes: [UInt8]) throws(OperatorError) {
        let body: Body
        do throws(WireError) { body = try Wire.decode(from: bytes) } catch {
            throw OperatorError(.malformed, "the body \(error)")
        }
        guard body.items.count <= InventoryItem.limit else {
            throw OperatorError(.malformed, "items: there are more than \(InventoryItem.limit)")
        }
        var checked = Checked()
        for (index, item) in body.items.enumerated() {
            try checked.add(serial: item.serial, certificateName: item.certificateName, tag: item.tag) {
                "items.\(index).\($0)"
            }
        }
        items = try checked.all()
        ignored = []
    }

    private static let columns = ["serial", "certificate_name", "tag"]

    private struct Body: Decodable {
        var items: [Item]

        struct Item: Decodable {
            var serial: String
            var certificateName: String?
            var tag: String?

            private enum CodingKeys: String, CodingKey {
                case serial, tag
                case certificateName = "certificate_name"
            }
        }
    }

    /// Items, each of which was looked at.
    private struct Checked {
        private var items: [InventoryItem] = []
        /// The line of each serial number.
        private var places: [String: String] = [:]

        /// An empty inventory is an export that failed.
        func all() throws(OperatorError) -> [InventoryItem] {
            guard !items.isEmpty else { throw OperatorError(.malformed, "there is no machine in it") }
            return items
        }

        mutating func add(
            serial: String,
            certificateName: String?,
            tag: String?,
            at place: (String) -> String
        ) throws(OperatorError) {
            func wrong(_ column: String, _ reason: String) -> OperatorError {
                OperatorError(.malformed, "\(place(column)): \(reason)")
            }
            func text(_ given: String?, _ column: String, isName: Bool) throws(OperatorError) -> String? {
                guard let given, case let value = given.trimmed(), !value.isEmpty else { return nil }
                if let damage = isName ? SpreadsheetDamage(ofName: given) : SpreadsheetDamage(ofText: given) {
                    throw wrong(column, "'\(value.printable(limit: 64))' \(damage)")
                }
                guard value.utf8.count <= 256, value.printable() == value else {
                    throw wrong(column, "is not a text of at most 256 bytes in one line")
                }
                return value
            }
            let shown = "'\(serial.printable(limit: 64))'"
            if let damage = SpreadsheetDamage(ofName: serial), damage != .noValue {
                throw wrong("serial", "\(shown) \(damage)")
            }
            guard let identifier = Identifier(.serial, serial) else {
                let reason = SerialNumber(serial).junkReason ?? "longer than 256 bytes or not printable"
                throw wrong("serial", "\(shown) identifies no machine: \(reason)")
            }
            if let first = places[identifier.value] {
                throw wrong("serial", "'\(identifier.value)' is there already, in \(first)")
            }
            places[identifier.value] = place("serial")
            items.append(
                InventoryItem(
                    serial: identifier.value,
                    certificateName: try text(certificateName, "certificate_name", isName: true),
                    tag: try text(tag, "tag", isName: false)
                )
            )
        }
    }
}
