internal import PostureModel
internal import ScorerModel

/// Lines of an inventory, each of which was looked at.
struct CheckedInventory {
    private var items: [InventoryItem] = []
    /// The place of each identifier.
    private var places: [Identifier: String] = [:]

    /// The lines.
    ///
    /// - Throws: ``OperatorError`` if there are none: an empty inventory is an export that failed.
    func all() throws(OperatorError) -> [InventoryItem] {
        guard !items.isEmpty else { throw OperatorError(.malformed, "there is no machine in it") }
        return items
    }

    /// Adds a line.
    ///
    /// - Throws: ``OperatorError`` that names the place by `place`, which takes the name of a column.
    mutating func add(
        serial: String,
        certificateName: String?,
        tag: String?,
        warpID: String?,
        at place: (String) -> String
    ) throws(OperatorError) {
        let machine = try claim(ReadIdentifier.serial(serial, at: place("serial")))
        let certificateName = try Self.text(certificateName, isName: true, at: place("certificate_name"))
        let tag = try Self.text(tag, isName: false, at: place("tag"))
        var id: Identifier?
        if let warpID, !warpID.trimmed().isEmpty { id = try claim(ReadIdentifier.warpID(warpID, at: place("warp_id"))) }
        items.append(
            InventoryItem(serial: machine.value, certificateName: certificateName, tag: tag, warpID: id?.value)
        )
    }

    /// Takes an identifier, which may be there once.
    private mutating func claim(_ read: ReadIdentifier) throws(OperatorError) -> Identifier {
        if let first = places[read.identifier] {
            throw OperatorError(.malformed, "\(read.place): '\(read.identifier.value)' is there already, in \(first)")
        }
        places[read.identifier] = read.place
        return read.identifier
    }

    private static func text(_ given: String?, isName: Bool, at place: String) throws(OperatorError) -> String? {
        guard let given, case let value = given.trimmed(), !value.isEmpty else { return nil }
        if let damage = isName ? SpreadsheetDamage(ofName: given) : SpreadsheetDamage(ofText: given) {
            throw OperatorError(.malformed, "\(place): '\(value.printable(limit: 64))' \(damage)")
        }
        guard value.utf8.count <= 256, value.printable() == value else {
            throw OperatorError(.malformed, "\(place): is not a text of at most 256 bytes in one line")
        }
        return value
    }
}

/// An identifier that was read from a field of a file, with its place.
struct ReadIdentifier {
    let identifier: Identifier
    let place: String

    /// Reads a serial number.
    ///
    /// - Throws: ``OperatorError`` for what a spreadsheet changed, and what identifies no machine.
    static func serial(_ text: String, at place: String) throws(OperatorError) -> ReadIdentifier {
        let shown = "'\(text.printable(limit: 64))'"
        if let damage = SpreadsheetDamage(ofName: text), damage != .noValue {
            throw OperatorError(.malformed, "\(place): \(shown) \(damage)")
        }
        guard let identifier = Identifier(.serial, text) else {
            let reason = SerialNumber(text).junkReason ?? "longer than 256 bytes or not printable"
            throw OperatorError(.malformed, "\(place): \(shown) identifies no machine: \(reason)")
        }
        return ReadIdentifier(identifier: identifier, place: place)
    }

    /// Reads a WARP id.
    ///
    /// - Throws: ``OperatorError`` for what a spreadsheet changed, and what is not printable.
    static func warpID(_ text: String, at place: String) throws(OperatorError) -> ReadIdentifier {
        let shown = "'\(text.printable(limit: 64))'"
        if let damage = SpreadsheetDamage(ofName: text) {
            throw OperatorError(.malformed, "\(place): \(shown) \(damage)")
        }
        guard let identifier = Identifier(.warp, text) else {
            throw OperatorError(.malformed, "\(place): \(shown) is no WARP id: 1 to 256 printable bytes in one line")
        }
        return ReadIdentifier(identifier: identifier, place: place)
    }
}
