private enum ReasonKey: String, CodingKey {
    case notApplicable = "not_applicable"
    case unreadable
}

extension KeyedEncodingContainer {
    /// Writes an observation whose value stands for itself.
    mutating func encode<Value: Encodable>(bare observation: Observation<Value>, forKey key: Key) throws {
        switch observation {
        case .observed(let value): try encode(value, forKey: key)
        case .notApplicable(let reason): try encode([ReasonKey.notApplicable.rawValue: reason], forKey: key)
        case .unreadable(let reason): try encode([ReasonKey.unreadable.rawValue: reason], forKey: key)
        case .notReported: break
        }
    }
}

extension KeyedDecodingContainer {
    /// Reads an observation whose value stands for itself.
    func bare<Value: Decodable>(
        of type: Value.Type = Value.self,
        _ key: Key
    ) throws -> Observation<Value> {
        guard contains(key), try !decodeNil(forKey: key) else { return .notReported }
        if let object = try? nestedContainer(keyedBy: ReasonKey.self, forKey: key), let reason = object.allKeys.first {
            let text = try object.decode(String.self, forKey: reason)
            return reason == .unreadable ? .unreadable(reason: text) : .notApplicable(reason: text)
        }
        return .observed(try decode(Value.self, forKey: key))
    }

    /// A value of one word; one that this version does not know is `unreadable`.
    func word<Value: RawRepresentable<String>>(_ key: Key) throws -> Observation<Value> {
        switch try bare(of: String.self, key) {
        case .observed(let text):
            Value(rawValue: text).map { .observed($0) }
                ?? .unreadable(reason: "'\(text.printable(limit: 64))' is no word of this version")
        case .notApplicable(let reason): .notApplicable(reason: reason)
        case .unreadable(let reason): .unreadable(reason: reason)
        case .notReported: .notReported
        }
    }
}
