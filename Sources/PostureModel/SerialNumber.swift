/// A serial number as the firmware gives it.
///
/// Whether it is junk is a property of the value, judged wherever it is read: a sender's word for it is not needed.
public struct SerialNumber: Sendable, Hashable {
    /// The text of the firmware, without white space around it.
    public var value: String

    /// Creates a serial number from what the firmware says.
    public init(_ value: String) {
        self.value = value.trimmed()
    }

    /// Why this value identifies no machine, or nil if it may well identify one.
    ///
    /// Firmware that nobody filled in says so in few ways; the list is what vendors are known to leave there.
    public var junkReason: String? {
        if value.isEmpty { return "empty" }
        let folded = value.lowercased()
        if Self.placeholders.contains(folded) { return "a placeholder of the firmware's vendor" }
        if Set(folded.unicodeScalars.filter { $0 != "-" && $0 != "." && $0 != " " }).count <= 1 {
            return "one character repeated"
        }
        if folded.count < 4 { return "shorter than 4 characters" }
        if "012345678901234567890123456789".hasPrefix(folded) || "123456789012345678901234567890".hasPrefix(folded) {
            return "a run of digits"
        }
        if folded.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f || $0.value == 0xfffd }) {
            return "not printable"
        }
        return nil
    }

    private static let placeholders: Set<String> = [
        "to be filled by o.e.m.", "to be filled by o.e.m", "to be filled by oem", "default string",
        "system serial number", "system_serial_number", "base board serial number", "board serial number",
        "chassis serial number", "chasis serial number", "serial number", "serial", "not specified", "not applicable",
        "not available", "none", "null", "n/a", "na", "unknown", "invalid", "oem", "o.e.m.", "empty", "undefined",
        "type1 - system serial number", "type2 - board serial number", "type3 - chassis serial number",
        "systemserialnumb", "oem_serial", "no serial number", "(null)", "(null string)", "eval",
        "sys-1234567890", "sys-9876543210", "mb-1234567890", "mb-9876543210", "sn-1234567890", "9876543210",
        "bsn12345678901234567", "ssn12345678901234567",
        "sernum", "ssn123456789", "0123456789abcdef", "uninitialized", "fill by oem", "filled by oem",
    ]
}

extension SerialNumber: Codable {
    private enum CodingKeys: String, CodingKey { case value, junk }

    /// Reads the wire form.
    public init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: CodingKeys.self)
        self.init(try object.decode(String.self, forKey: .value))
    }

    /// Writes the wire form.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(value, forKey: .value)
        try object.encodeIfPresent(junkReason, forKey: .junk)
    }
}

/// The serial numbers of DMI, each labelled with its source.
public struct SerialNumbers: Sendable, Equatable {
    /// SMBIOS type 1, "System Information": the one that WARP and `dmidecode -s system-serial-number` give.
    public var product: Observation<SerialNumber>
    /// SMBIOS type 2, "Baseboard".
    public var board: Observation<SerialNumber>
    /// SMBIOS type 3, "Chassis".
    public var chassis: Observation<SerialNumber>

    /// Creates the serial numbers of one host.
    public init(
        product: Observation<SerialNumber>,
        board: Observation<SerialNumber>,
        chassis: Observation<SerialNumber>
    ) {
        self.product = product
        self.board = board
        self.chassis = chassis
    }

    /// The first that is not junk, in the order product, board, chassis.
    public var best: SerialNumber? {
        [product, board, chassis].compactMap(\.value).first { $0.junkReason == nil }
    }
}

extension SerialNumbers: Codable {
    private enum CodingKeys: String, CodingKey {
        case product = "product_serial"
        case board = "board_serial"
        case chassis = "chassis_serial"
    }

    /// Reads the wire form.
    public init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            product: try object.observation(.product),
            board: try object.observation(.board),
            chassis: try object.observation(.chassis)
        )
    }
}
