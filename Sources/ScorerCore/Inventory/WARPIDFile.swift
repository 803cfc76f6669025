internal import ConfigurationFile
internal import PostureModel

/// The machines of Cloudflare's device list: the serial number and the WARP id of each.
package struct WARPIDFile: Sendable, Equatable {
    /// A line of the list.
    package struct Line: Sendable, Equatable {
        /// Where it is: `line 3`, or `items.2`.
        package let place: String
        /// The serial number as it is written.
        package let serial: String
        /// The WARP id as it is written.
        package let warpID: String
    }

    /// The most lines of a list.
    package static let limit = 100_000
    /// The lines, in their order.
    package let lines: [Line]

    /// Takes a file of comma-separated values.
    ///
    /// - Throws: ``OperatorError`` that names the line and the column, or an error that says why the file cannot be read.
    package init(file path: String) throws {
        try self.init(csv: readFile(path, limit: InventoryFile.sizeLimit))
    }

    /// Takes comma-separated values (RFC 4180) whose first line names the columns, in any order: `serial` and `warp_id`, or what
    /// Cloudflare calls them.
    ///
    /// Other columns mean nothing here.
    package init(csv bytes: [UInt8]) throws(OperatorError) {
        let table = try CSVTable(bytes, limit: Self.limit, naming: Set(Self.serialNames + Self.warpNames))
        let names = table.names.map(Self.plain)
        func column(_ wanted: [String], _ name: String) throws(OperatorError) -> Int {
            for candidate in wanted.map(Self.plain) {
                let found = names.indices.filter { names[$0] == candidate }
                guard found.count < 2 else {
                    throw OperatorError(
                        .malformed,
                        "line \(table.headerLine): two columns are '\(table.names[found[0]].printable(limit: 64))'"
                    )
                }
                if let index = found.first { return index }
            }
            throw OperatorError(
                .malformed,
                "line \(table.headerLine): no column is '\(name)': the first line names the columns serial and warp_id, or "
                    + "serial_number and device_id, separated by commas"
            )
        }
        let (serial, warpID) = (try column(Self.serialNames, "serial"), try column(Self.warpNames, "warp_id"))
        lines = table.records.map {
            Line(place: "line \($0.line)", serial: $0.fields[serial], warpID: $0.fields[warpID])
        }
        try requireLines()
    }

    /// Takes JSON: `{"items": [{"serial": …, "warp_id": …}]}`.
    package init(json bytes: [UInt8]) throws(OperatorError) {
        struct Body: Decodable {
            struct Item: Decodable {
                var serial: String
                var warp_id: String
            }
            var items: [Item]
        }
        let body: Body
        do throws(WireError) { body = try Wire.decode(from: bytes) } catch {
            throw OperatorError(.malformed, "the body \(error)")
        }
        guard body.items.count <= Self.limit else {
            throw OperatorError(.malformed, "items: there are more than \(Self.limit)")
        }
        lines = body.items.enumerated().map { index, item in
            Line(place: "items.\(index)", serial: item.serial, warpID: item.warp_id)
        }
        try requireLines()
    }

    /// An empty list is an export that failed.
    private func requireLines() throws(OperatorError) {
        guard !lines.isEmpty else { throw OperatorError(.malformed, "there is no machine in it") }
    }

    /// The names of the column of serial numbers, the best first: this program's, those of Cloudflare's API, and of its logs.
    private static let serialNames = ["serial", "serial_number", "deviceserialnumber"]
    /// The names of the column of WARP ids, the best first; the API's list of devices has them as `id`.
    private static let warpNames = ["warp_id", "device_id", "id"]

    /// The letters and digits of a name: `Serial number` is `serial_number`.
    private static func plain(_ name: String) -> String { name.filter { $0.isLetter || $0.isNumber } }
}
