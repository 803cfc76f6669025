/// JSON whose form is not known for sure: what it is, as far down as a question of Cloudflare's may reach.
///
/// Bounded, however large the document: arrays are read where devices may stand, up to one device more than may be
/// asked about; objects of very many members by the names that mean something; nothing within a device's fields.
indirect enum LooseJSON: Decodable {
    case null
    case bool
    case integer(Int64)
    /// A number that is no integer of 64 bits.
    case number
    case string(String)
    /// An array, perhaps cut.
    case array([LooseJSON])
    /// An object, perhaps without members that have no meaning here.
    case object([String: LooseJSON])
    /// A container that was not looked into, or text that is no text.
    case unread

    init(from decoder: any Decoder) throws {
        guard let value = try? decoder.singleValueContainer(), !value.decodeNil() else {
            self = .null
            return
        }
        if let text = try? value.decode(String.self) {
            self = .string(text)
        } else if let integer = try? value.decode(Int64.self) {
            self = .integer(integer)
        } else if let array = try? decoder.unkeyedContainer() {
            self = Self.holdsDevices(decoder.codingPath) ? try Self.read(array) : .unread
        } else if let object = try? decoder.container(keyedBy: Name.self) {
            let path = decoder.codingPath
            let isDevice = path.last?.intValue != nil
            self = path.count <= 2 || isDevice ? try Self.read(object, isDevice: isDevice) : .unread
        } else if (try? value.decode(Bool.self)) != nil {
            self = .bool
        } else {
            self = (try? value.decode(Double.self)) == nil ? .unread : .number
        }
    }

    /// The whole document, or a member `devices` of it or of that.
    private static func holdsDevices(_ path: [any CodingKey]) -> Bool {
        path.allSatisfy { CloudflareBody.listNames.contains($0.stringValue) } && path.count <= 2
    }

    private static func read(_ array: any UnkeyedDecodingContainer) throws -> LooseJSON {
        var (array, values): (any UnkeyedDecodingContainer, [LooseJSON]) = (array, [])
        while !array.isAtEnd, values.count <= CloudflareBody.deviceLimit {
            values.append(try array.decode(LooseJSON.self))
        }
        return .array(values)
    }

    private static func read(_ object: KeyedDecodingContainer<Name>, isDevice: Bool) throws -> LooseJSON {
        var names = object.allKeys
        if names.count > (isDevice ? 64 : CloudflareBody.deviceLimit + 1) {
            names = (CloudflareBody.listNames + CloudflareBody.fieldNames).map(Name.init).filter(object.contains)
        }
        var members: [String: LooseJSON] = [:]
        for name in names { members[name.stringValue] = try object.decode(LooseJSON.self, forKey: name) }
        return .object(members)
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }
}

extension LooseJSON {
    /// Text, or the digits of an integer; empty where it is neither, or longer than `limit` bytes.
    func text(limit: Int) -> String {
        switch self {
        case .string(let text) where text.utf8.count <= limit: text
        case .integer(let integer): "\(integer)"
        default: ""
        }
    }

    /// The shape of the value: names of members, types and counts.
    ///
    /// A name that looks like a value is left out, and so is whether there is one device or a thousand.
    var shape: String {
        switch self {
        case .null: return "null"
        case .bool: return "boolean"
        case .integer, .number: return "number"
        case .string(let text): return text.isEmpty ? "empty string" : "string"
        case .unread: return "something"
        case .array(let values):
            let shapes = Set(values.prefix(100).map(\.shape)).sorted()
            return "[\(shapes.prefix(4).joined(separator: " | "))]"
        case .object(let members):
            let pairs = members.map { name, value in (Self.isPlain(name) ? name : "…", value.shape) }.sorted { $0 < $1 }
            return "{\(pairs.prefix(12).map { "\($0.0): \($0.1)" }.joined(separator: ", "))}"
        }
    }

    /// A field's name that is known, or letters and `_`, not many: no identifier, serial number or address.
    private static func isPlain(_ name: String) -> Bool {
        CloudflareBody.fieldNames.contains(name)
            || name.utf8.count <= 24
                && name.utf8.allSatisfy { $0 == UInt8(ascii: "_") || (0x61...0x7a).contains($0 | 0x20) }
    }
}
