internal import TOMLKit

/// A TOML file, read whole and strictly: a key that nobody knows is an error, since it may be a misspelt one.
package struct ConfigurationFile: Sendable {
    /// The file's path, as it was given.
    package let path: String
    /// Its text.
    package let text: String

    /// A file that was read before.
    package init(path: String, text: String) {
        (self.path, self.text) = (path, text)
    }

    /// Reads the file at `path`, of at most 1 MiB; nobody but root and this process's user may be able to write to it.
    package init(at path: String) throws(ConfigurationError) {
        self.path = path
        self.text = String(decoding: try readFile(path), as: UTF8.self)
        try checkOwnership(of: [path])
    }

    /// Reads the file at `path` and its drop-ins, `path.d/*.toml`, in the order of their names: what comes later counts.
    ///
    /// - Throws: an error that names the file; more than 64 drop-ins are one.
    package static func withDropIns(at path: String) throws(ConfigurationError) -> [ConfigurationFile] {
        var files = [try ConfigurationFile(at: path)]
        for name in try directoryEntries(of: path + ".d") where name.hasSuffix(".toml") && !name.hasPrefix(".") {
            guard files.count <= 64 else { throw ConfigurationError(path + ".d", "has more than 64 drop-ins") }
            files.append(try ConfigurationFile(at: "\(path).d/\(name)"))
        }
        return files
    }

    /// Decodes the file.
    ///
    /// - Throws: an error that names the key, and the line where the parser knows it.
    package func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws(ConfigurationError) -> Value {
        if let flaw = TOMLScanner.flaw(in: text) { throw ConfigurationError(path, "line \(flaw.line): \(flaw.text)") }
        var table: TOMLTable?
        do {
            let parsed = try TOMLTable(string: text)
            table = parsed
            return try TOMLDecoder(strictDecoding: true).decode(Value.self, from: parsed)
        } catch {
            let line = Self.place(of: error).flatMap { TOMLLines.line(of: $0, in: text) }
            throw ConfigurationError(path, Self.sentence(for: error, in: table) + (line.map { " (line \($0))" } ?? ""))
        }
    }

    /// An error about a key of this file.
    package func error(_ key: String, _ text: String) -> ConfigurationError {
        ConfigurationError(path, "\(key): \(text)")
    }

    private static func sentence(for error: any Error, in table: TOMLTable?) -> String {
        func name(_ path: [any CodingKey]) -> String {
            path.reduce("") { name, key in
                if let index = key.intValue { return "\(name)[\(index)]" }
                return name.isEmpty ? key.stringValue : "\(name).\(key.stringValue)"
            }
        }
        switch error {
        case let error as TOMLParseError:
            return "line \(error.source.begin.line): \(error.description)"
        case let error as UnexpectedKeysError:
            return "unknown key \(error.keys.values.map(name).sorted().map { "'\($0)'" }.joined(separator: ", "))"
        case DecodingError.keyNotFound(_, let context):
            // TOMLKit says the same of a value of another type, and its path has the key already.
            guard let value = value(at: context.codingPath, in: table) else {
                return "'\(name(context.codingPath))' is missing"
            }
            return "'\(name(context.codingPath))' has the wrong type: it cannot be of the type '\(value.type)'"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            return "'\(name(context.codingPath))' has the wrong type: \(context.debugDescription)"
        case DecodingError.dataCorrupted(let context):
            return "'\(name(context.codingPath))': \(context.debugDescription)"
        default: return "\(error)"
        }
    }

    /// The key that an error is about; nil where it is about none, or says the line itself.
    private static func place(of error: any Error) -> [any CodingKey]? {
        switch error {
        case let error as UnexpectedKeysError: error.keys.count == 1 ? error.keys.values.first : nil
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
            DecodingError.keyNotFound(_, let context), DecodingError.dataCorrupted(let context):
            context.codingPath
        default: nil
        }
    }

    private static func value(at path: [any CodingKey], in table: TOMLTable?) -> (any TOMLValueConvertible)? {
        path.reduce(table) { (value: (any TOMLValueConvertible)?, key) in
            guard let index = key.intValue else { return value?.table?[key.stringValue] }
            guard let array = value?.array, array.indices.contains(index) else { return nil }
            return array[index]
        }
    }
}
