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
    /// `certificate_name`, `tag` and `warp_id`.
    package init(csv bytes: [UInt8]) throws(OperatorError) {
        let table = try CSVTable(bytes, limit: InventoryItem.limit, naming: ["serial"])
        guard let serial = table.names.firstIndex(of: Self.columns[0]) else {
            throw OperatorError(
                .malformed,
                "line \(table.headerLine): no column is 'serial': the first line names the columns serial, certificate_name, tag "
                    + "and warp_id, separated by commas"
            )
        }
        try table.requireOnce(Self.columns)
        let places = Self.columns.map { table.names.firstIndex(of: $0) }
        var checked = CheckedInventory()
        for record in table.records {
            let fields = places.map { place in place.map { record.fields[$0] } }
            try checked.add(
                serial: record.fields[serial],
                certificateName: fields[1],
                tag: fields[2],
                warpID: fields[3]
            ) { name in table.place(record, table.names.firstIndex(of: name) ?? 0) }
        }
        items = try checked.all()
        ignored = table.names.filter { !Self.columns.contains($0) }.map { $0.printable(limit: 64) }
    }

    /// Takes JSON: `{"items": [{"serial": …, "certificate_name": …, "tag": …, "warp_id": …}]}`.
    package init(json bytes: [UInt8]) throws(OperatorError) {
        let body: Body
        do throws(WireError) { body = try Wire.decode(from: bytes) } catch {
            throw OperatorError(.malformed, "the body \(error)")
        }
        guard body.items.count <= InventoryItem.limit else {
            throw OperatorError(.malformed, "items: there are more than \(InventoryItem.limit)")
        }
        var checked = CheckedInventory()
        for (index, item) in body.items.enumerated() {
            try checked.add(
                serial: item.serial,
                certificateName: item.certificateName,
                tag: item.tag,
                warpID: item.warpID
            ) { "items.\(index).\($0)" }
        }
        items = try checked.all()
        ignored = []
    }

    private static let columns = ["serial", "certificate_name", "tag", "warp_id"]

    private struct Body: Decodable {
        var items: [Item]

        struct Item: Decodable {
            var serial: String
            var certificateName: String?
            var tag: String?
            var warpID: String?

            private enum CodingKeys: String, CodingKey {
                case serial, tag
                case certificateName = "certificate_name"
                case warpID = "warp_id"
            }
        }
    }
}
