internal import FoundationEssentials

/// JSON as both sides write and read it: sorted keys, UTF-8, no escaped slashes.
public enum Wire {
    /// The JSON of `value`.
    public static func encode(_ value: some Encodable) throws(WireError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do { return [UInt8](try encoder.encode(value)) } catch { throw WireError("cannot be written: \(error)") }
    }

    /// The JSON of `value`, indented for people, without a character that could steer a terminal.
    public static func pretty(_ value: some Encodable) throws(WireError) -> String {
        try printed(value, [.prettyPrinted])
    }

    /// The JSON of `value` in one line, without a character that could steer a terminal.
    public static func line(_ value: some Encodable) throws(WireError) -> String { try printed(value, []) }

    /// JSON that is printed: a reader of JSON finds the same texts in it as in ``encode(_:)``.
    private static func printed(
        _ value: some Encodable,
        _ formatting: JSONEncoder.OutputFormatting
    ) throws(WireError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting.union([.sortedKeys, .withoutEscapingSlashes])
        do { return String(decoding: try encoder.encode(value), as: UTF8.self).escapingHiddenInJSON() } catch {
            throw WireError("cannot be written: \(error)")
        }
    }

    /// Reads `bytes` as the JSON of a `Value`.
    ///
    /// Keys that are not known are ignored, so that a newer sender is understood. Nesting is bounded before the decoder
    /// sees it: Foundation's traps on an array that opens at its own limit of 512 in the very last byte.
    public static func decode<Value: Decodable>(
        _ type: Value.Type = Value.self,
        from bytes: [UInt8]
    ) throws(WireError) -> Value {
        // UTF-16 and UTF-32, which Foundation would read too, have NULs; UTF-8 has none in JSON.
        guard !bytes.contains(0) else { throw WireError("is not JSON in UTF-8") }
        guard JSONScanner.depth(of: bytes) <= nestingLimit else {
            throw WireError("nests more than \(nestingLimit) deep")
        }
        do { return try JSONDecoder().decode(Value.self, from: Data(bytes)) } catch {
            throw WireError(sentence(for: error))
        }
    }

    /// How deep arrays and objects may nest; ours stay below ten.
    private static let nestingLimit = 64

    private static func sentence(for error: any Error) -> String {
        func place(_ path: [any CodingKey]) -> String {
            path.isEmpty ? "the document" : "'\(path.map(\.stringValue).joined(separator: "."))'"
        }
        guard let error = error as? DecodingError else { return "is not JSON" }
        switch error {
        case .keyNotFound(let key, let context): return "lacks \(place(context.codingPath + [key]))"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return "has another type than expected at \(place(context.codingPath))"
        case .dataCorrupted(let context):
            return context.codingPath.isEmpty
                ? "is not JSON" : "is wrong at \(place(context.codingPath)): \(context.debugDescription)"
        @unknown default: return "cannot be read"
        }
    }
}

/// Why bytes are not a message of ours.
///
/// The sentence has no subject: "… lacks 'device'".
public struct WireError: Error, Equatable, CustomStringConvertible {
    /// What is wrong, as a verb phrase.
    public let description: String

    /// Creates an error from a verb phrase.
    public init(_ description: String) {
        self.description = description
    }
}
