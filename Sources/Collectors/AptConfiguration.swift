/// What apt.conf(5) files say: names in lower case, of which the last assignment counts.
///
/// - SeeAlso: <https://manpages.debian.org/bookworm/apt/apt.conf.5.en.html>
struct AptConfiguration {
    private var values: [String: String] = [:]

    /// The value of an option such as `APT::Periodic::Enable`, or nil where nobody set it.
    subscript(_ name: String) -> String? { values[name.lowercased()] }

    /// Adds the options of one more file, whose nesting is taken to 32 levels.
    ///
    /// False where apt may read the file in another way: `#include`, quotes within a name, a statement that is none, or
    /// one that does not end. Then the options are not to be used.
    mutating func read(_ text: String) -> Bool {
        var tokens = AptTokens(text)
        var scopes: [String] = []
        var statement: [AptTokens.Token] = []
        while let token = tokens.next() {
            switch token {
            case .open:
                guard scopes.count < 32, set(statement, in: scopes) else { return false }
                scopes.append(name(statement, in: scopes) ?? scopes.last ?? "")
                statement = []
            case .end, .close:
                guard set(statement, in: scopes) else { return false }
                statement = []
                if token == .close, !scopes.isEmpty { scopes.removeLast() }
            case .word, .quoted:
                statement.append(token)
            case .flaw:
                return false
            }
        }
        return statement.isEmpty && scopes.isEmpty
    }

    /// False for what is no statement.
    private mutating func set(_ statement: [AptTokens.Token], in scopes: [String]) -> Bool {
        switch (statement.first, statement.count) {
        case (nil, _), (.quoted, 1): return true
        case (.word("#clear"), 2):
            guard scopes.isEmpty, case .word(let cleared) = statement[1] else { return false }
            let prefix = cleared.lowercased()
            values = values.filter { $0.key != prefix && !$0.key.hasPrefix(prefix + "::") }
            return true
        case (.word(let word), 1): return !word.hasPrefix("#")
        case (.word(let word), 2):
            guard !word.hasPrefix("#"), let name = name(statement, in: scopes) else { return false }
            if case .quoted(let value) = statement[1] { values[name] = value }
            if case .word(let value) = statement[1] { values[name] = value }
            return true
        default: return false
        }
    }

    private func name(_ statement: [AptTokens.Token], in scopes: [String]) -> String? {
        guard case .word(let word)? = statement.first else { return nil }
        let scope = scopes.last ?? ""
        return (scope.isEmpty ? word : "\(scope)::\(word)").lowercased()
    }
}

/// The tokens of apt.conf(5), without comments.
struct AptTokens {
    enum Token: Equatable {
        case word(String), quoted(String), open, close, end
        /// Something that apt takes apart in its own way.
        case flaw
    }

    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    mutating func next() -> Token? {
        while let byte = rest.first {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): rest.removeFirst()
            case UInt8(ascii: "{"): return take(.open)
            case UInt8(ascii: "}"): return take(.close)
            case UInt8(ascii: ";"): return take(.end)
            case UInt8(ascii: "\""):
                rest.removeFirst()
                let text = rest.prefix { $0 != UInt8(ascii: "\"") }
                rest = rest.dropFirst(text.count)
                guard rest.popFirst() != nil, endsHere else { return .flaw }
                return .quoted(String(decoding: text, as: UTF8.self))
            default:
                if skipComment() { continue }
                let text = rest.prefix { !" \t\r\n{};\"".utf8.contains($0) }
                rest = rest.dropFirst(text.count)
                let word = String(decoding: text, as: UTF8.self)
                // apt undoes %XX, and takes a comment for one within a word too.
                let isPlain = !word.utf8.dropFirst().contains { "#%[".utf8.contains($0) } && !word.contains("//")
                return isPlain && !word.contains("/*") && rest.first != UInt8(ascii: "\"") ? .word(word) : .flaw
            }
        }
        return nil
    }

    /// Whether what was taken is not part of something longer.
    private var endsHere: Bool { rest.first.map { " \t\r\n{};".utf8.contains($0) } ?? true }

    private mutating func take(_ token: Token) -> Token {
        rest.removeFirst()
        return token
    }

    /// Passes over a comment; `#clear` and `#include` are none, and are words.
    private mutating func skipComment() -> Bool {
        if rest.starts(with: "/*".utf8) {
            var last: UInt8 = 0
            rest = rest.dropFirst(2)
            while let byte = rest.popFirst(), !(last == UInt8(ascii: "*") && byte == UInt8(ascii: "/")) { last = byte }
            return true
        }
        let isDirective = rest.starts(with: "#clear".utf8) || rest.starts(with: "#include".utf8)
        guard rest.starts(with: "//".utf8) || (rest.first == UInt8(ascii: "#") && !isDirective) else { return false }
        rest = rest.drop { $0 != UInt8(ascii: "\n") }
        return true
    }
}
