/// The hardware address of one physical network interface.
public struct MACAddress: Sendable, Hashable {
    /// Where an address was read from.
    public enum Source: String, Sendable, Codable {
        /// Burnt in: `IFLA_PERM_ADDRESS`.
        case permanent
        /// In use now: `IFLA_ADDRESS`. Software can set it.
        case current
    }

    /// Six octets in lower case with colons, such as `74:1d:3e:23:e0:fe`.
    public var address: String
    /// The interface's name, such as `enp0s31f6`.
    public var interface: String
    /// Whether the address is the burnt-in one.
    public var source: Source

    /// Creates an address from six octets; nil for any other length, and for addresses that name no single
    /// interface (all zero, multicast).
    public init?(octets: [UInt8], interface: String, source: Source) {
        guard octets.count == 6, octets.contains(where: { $0 != 0 }), octets[0] & 0x01 == 0 else { return nil }
        self.address = octets.map { Hexadecimal.encode([$0]) }.joined(separator: ":")
        self.interface = interface
        self.source = source
    }

    /// The normalised form of an address written with colons, dashes, dots or nothing between its digits, or nil.
    public static func normalised(_ text: String) -> String? {
        let digits = text.lowercased().filter { !":-.".contains($0) }
        guard digits.utf8.count == 12, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
        return stride(from: 0, to: 12, by: 2).map { String(digits.dropFirst($0).prefix(2)) }.joined(separator: ":")
    }

    /// Whether the address was made up by software rather than assigned by a vendor (IEEE 802, the U/L bit).
    public var isLocallyAdministered: Bool {
        (UInt8(address.prefix(2), radix: 16) ?? 0) & 0x02 != 0
    }
}

extension MACAddress: Codable {
    private enum CodingKeys: String, CodingKey {
        case address, interface, source
        case locallyAdministered = "locally_administered"
    }

    /// Reads the wire form.
    public init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: CodingKeys.self)
        let text = try object.decode(String.self, forKey: .address)
        guard let address = MACAddress.normalised(text) else {
            throw DecodingError.dataCorruptedError(
                forKey: .address,
                in: object,
                debugDescription: "not a hardware address"
            )
        }
        self.address = address
        self.interface = try object.decode(String.self, forKey: .interface)
        self.source = try object.decode(Source.self, forKey: .source)
    }

    /// Writes the wire form.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(address, forKey: .address)
        try object.encode(interface, forKey: .interface)
        try object.encode(source, forKey: .source)
        if isLocallyAdministered { try object.encode(true, forKey: .locallyAdministered) }
    }
}
