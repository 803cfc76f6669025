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
    public var junk: Junk? {
        if value.isEmpty { return .empty }
        let text = PlaceholderText(value)
        if text.isPlaceholder { return .placeholder }
        if text.isRepetition { return .repetition }
        if text.isSequence { return .sequence }
        if text.letters.count < 4 { return .tooShort }
        if value.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f || $0.value == 0xfffd }) {
            return .unprintable
        }
        return nil
    }

    /// The words for ``junk``, as they are written on the wire and shown.
    public var junkReason: String? { junk?.description }

    /// The ways in which a serial number can be none.
    public enum Junk: Sendable, Equatable, CustomStringConvertible {
        /// Nothing, or white space.
        case empty
        /// What vendors leave where nobody filled it in: see ``PlaceholderText``.
        case placeholder
        /// One character, or a short pattern of digits, again and again: `0x0000`, `AAAA-AAAA`, `01010101`.
        case repetition
        /// Characters that count up or down: `123456789`, `ABCDEFG`, `112233`.
        case sequence
        /// Fewer than four letters and digits.
        case tooShort
        /// Control characters, or bytes that are no text.
        case unprintable

        /// The words for a person.
        public var description: String {
            switch self {
            case .empty: "empty"
            case .placeholder: "a placeholder of the firmware's vendor"
            case .repetition: "one character repeated"
            case .sequence: "a run of digits"
            case .tooShort: "shorter than 4 characters"
            case .unprintable: "not printable"
            }
        }
    }
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
    public var best: SerialNumber? { labelledBest?.serial }

    /// ``best``, and which part of the machine it is of.
    public var labelledBest: (part: Part, serial: SerialNumber)? {
        for (part, serial) in [(Part.product, product), (.board, board), (.chassis, chassis)] {
            if let serial = serial.value, serial.junk == nil { return (part, serial) }
        }
        return nil
    }

    /// The parts of a machine that have a serial number in DMI.
    public enum Part: String, Sendable {
        case product, board, chassis
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

    /// Writes the wire form; what was not reported is left out.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(observation: product, forKey: .product)
        try object.encode(observation: board, forKey: .board)
        try object.encode(observation: chassis, forKey: .chassis)
    }
}
