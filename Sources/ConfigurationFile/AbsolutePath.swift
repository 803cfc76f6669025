package import OpenSSLBridge

/// A path in a configuration file: every key that names a file or a directory has this type.
///
/// It begins with '/'. Nothing is expanded, and there is no directory that a relative path could be relative to: programs
/// run by systemd and by hand would read different files.
package struct AbsolutePath: Sendable, Hashable, Decodable, CustomStringConvertible {
    /// The path.
    package let text: String

    /// The path, for a sentence.
    package var description: String { text }

    /// Why a text is no path that can be used.
    package enum Flaw: Error, Sendable, Equatable {
        case empty, relative, home, variable, unprintable, tooLong
    }

    /// Checks a path.
    package init(_ text: String) throws(Flaw) {
        if text.isEmpty { throw .empty }
        // PATH_MAX (limits.h).
        if text.utf8.count >= 4096 { throw .tooLong }
        if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) { throw .unprintable }
        if text.hasPrefix("~") { throw .home }
        if Self.hasVariable(text) { throw .variable }
        if !text.hasPrefix("/") { throw .relative }
        self.text = text
    }

    /// Whether a shell, or systemd, would put something else in the place of a part: `$HOME`, `${HOME}`, `%h/`.
    private static func hasVariable(_ text: String) -> Bool {
        guard !text.hasPrefix("%") else { return true }
        return zip(text, text.dropFirst()).contains { sign, next in
            sign == "$" && (next == "{" || next == "(" || next == "_" || next.isLetter)
        }
    }

    /// Reads a path.
    package init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        let text = try value.decode(String.self)
        do throws(Flaw) { try self.init(text) } catch { throw error.error(about: text, in: value) }
    }
}

/// The directory of an NSS database: an absolute path, with `sql:` before it or without, as `certutil -d` takes it.
package struct DatabasePath: Sendable, Hashable, Decodable {
    /// The path of the directory.
    package let text: String

    /// Reads a path.
    package init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        let text = try value.decode(String.self)
        let prefix = "sql:"
        let path = text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
        do throws(AbsolutePath.Flaw) { self.text = try AbsolutePath(path).text } catch {
            throw error.error(about: text, in: value)
        }
    }
}

extension AbsolutePath.Flaw {
    fileprivate func error(about text: String, in value: any SingleValueDecodingContainer) -> DecodingError {
        let shown = text.unicodeScalars.prefix(200).map { $0.properties.generalCategory == .control ? "?" : String($0) }
        return DecodingError.dataCorruptedError(in: value, debugDescription: "'\(shown.joined())' \(words)")
    }

    private var words: String {
        switch self {
        case .empty: "is no path: write the whole path, from '/' on, or leave the key out"
        case .relative: "is not an absolute path: write the whole path, from '/' on"
        case .home: "is not an absolute path, and '~' is not expanded here: write the whole path, from '/' on"
        case .variable: "has a variable, which is not expanded here: write the whole path, from '/' on"
        case .unprintable: "has a control character: write the path without it"
        case .tooLong: "is longer than a path can be (4095 bytes)"
        }
    }
}

/// The certificates of files in PEM or DER, in their order.
package func certificates(in paths: [AbsolutePath]) throws(ConfigurationError) -> [Certificate] {
    try certificates(in: paths.map(\.text))
}

/// The CRLs of files in PEM or DER, in their order.
package func revocationLists(in paths: [AbsolutePath]) throws(ConfigurationError) -> [RevocationList] {
    try revocationLists(in: paths.map(\.text))
}
