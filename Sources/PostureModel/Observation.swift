/// What one collector learned about the host.
///
/// A collector that could not look is not a collector that saw nothing: `unreadable` never counts as a pass, and
/// `notApplicable` says that there is nothing of the kind to look at. A negative answer is an `observed` one.
///
/// On the wire an object with one key: `{"observed": value}`, `{"not_applicable": reason}` or
/// `{"unreadable": reason}`. A member that is missing, or null, is `notReported`.
public enum Observation<Value: Sendable>: Sendable {
    case observed(Value)
    case notApplicable(reason: String)
    case unreadable(reason: String)
    /// The report does not have this fact, as one of an older agent.
    ///
    /// An agent never makes this case, and it never counts as a pass.
    case notReported

    /// The value, where there is one.
    public var value: Value? {
        if case .observed(let value) = self { value } else { nil }
    }
}

extension Observation: Equatable where Value: Equatable {}

extension Observation: Codable where Value: Codable {
    private enum Key: String, CodingKey {
        case observed
        case notApplicable = "not_applicable"
        case unreadable
    }

    /// Reads the wire form.
    public init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Key.self)
        let key = try object.onlyKey("an observation has exactly one of observed, not_applicable, unreadable")
        self =
            switch key {
            case .observed: .observed(try object.decode(Value.self, forKey: key))
            case .notApplicable: .notApplicable(reason: try object.decode(String.self, forKey: key))
            case .unreadable: .unreadable(reason: try object.decode(String.self, forKey: key))
            }
    }

    /// Writes the wire form.
    ///
    /// - Throws: for what was not reported, which has no form: its member is left out.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        switch self {
        case .observed(let value): try object.encode(value, forKey: .observed)
        case .notApplicable(let reason): try object.encode(reason, forKey: .notApplicable)
        case .unreadable(let reason): try object.encode(reason, forKey: .unreadable)
        case .notReported:
            throw EncodingError.invalidValue(
                self,
                .init(codingPath: encoder.codingPath, debugDescription: "what was not reported has no form")
            )
        }
    }
}

extension KeyedDecodingContainer {
    /// The one key of an object that says by its key which case it is; `rule` is the sentence for all others.
    func onlyKey(_ rule: String) throws -> Key {
        guard allKeys.count == 1, let key = allKeys.first else {
            throw DecodingError.dataCorrupted(.init(codingPath: codingPath, debugDescription: rule))
        }
        return key
    }

    /// Decodes an observation; one that the sender did not know of was not reported.
    func observation<Value: Codable & Sendable>(
        of type: Value.Type = Value.self,
        _ key: Key
    ) throws -> Observation<Value> {
        try decodeIfPresent(Observation<Value>.self, forKey: key) ?? .notReported
    }
}

extension KeyedEncodingContainer {
    /// Encodes an observation as a member; what was not reported is left out.
    mutating func encode<Value: Codable & Sendable>(observation: Observation<Value>, forKey key: Key) throws {
        if case .notReported = observation { return }
        try encode(observation, forKey: key)
    }
}
