import PostureModel

/// What apt.conf(5) files say: names in lower case, of which the last assignment counts.
///
/// Read as apt reads them, line by line (`ReadConfigFile` in apt-pkg/contrib/configuration.cc): comments are taken away
/// first, quotes do not reach over the end of a line's last statement, and one mistake makes apt refuse everything.
///
/// - SeeAlso: <https://manpages.debian.org/bookworm/apt/apt.conf.5.en.html>
struct AptConfiguration {
    private var values: [String: String] = [:]

    /// The value of an option such as `APT::Periodic::Enable`, or nil where nobody set it; what was cleared is empty.
    subscript(_ name: String) -> String? { values[name.lowercased()] }

    /// Adds the options of one more file, whose nesting is taken to 32 levels.
    ///
    /// False where apt refuses the file, or reads others because of it (`#include`). Then the options are not to be used.
    mutating func read(_ text: String) -> Bool {
        if text.utf8.contains(0) { return false }
        var comments = AptComments()
        var scopes: [String] = []
        var scope = ""
        var statement = ""
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            guard let pieces = pieces(of: comments.strip(line)) else { return false }
            for (piece, end) in pieces {
                if !statement.isEmpty, !piece.isEmpty { statement += " " }
                statement += piece
                guard let end else { continue }
                if !statement.isEmpty {
                    guard let words = AptWords(statement, opensScope: end == UInt8(ascii: "{")) else { return false }
                    if end == UInt8(ascii: "{") {
                        guard scopes.count < 32 else { return false }
                        scopes.append(scope)
                        scope = scope.isEmpty ? words.tag : "\(scope)::\(words.tag)"
                    }
                    guard take(words, in: scope, opensScope: end == UInt8(ascii: "{")) else { return false }
                    statement = ""
                } else if end == UInt8(ascii: "{") {
                    return false
                }
                if end == UInt8(ascii: "}") { scope = scopes.popLast() ?? "" }
            }
        }
        return statement.isEmpty
    }

    /// What is set in a scope, or what a directive does; false for a directive that apt refuses or that reads more.
    private mutating func take(_ words: AptWords, in scope: String, opensScope: Bool) -> Bool {
        if words.tag.hasPrefix("#") {
            guard words.tag == "#clear", scope.isEmpty else { return false }
            clear(words.value ?? "")
            return true
        }
        guard let value = words.value else { return true }
        if words.tag.isEmpty, value == "#clear" { return false }
        let name = opensScope || scope.isEmpty ? (opensScope ? scope : words.tag) : "\(scope)::\(words.tag)"
        set(name.lowercased(), to: value)
        return true
    }

    private mutating func set(_ name: String, to value: String) {
        // A name that ends so adds to a list.
        if !name.hasSuffix("::") { values[name] = value }
        // What is above it is there from now on, without a value.
        var above = name[...]
        while let end = above.lastRange(of: "::") {
            above = above[..<end.lowerBound]
            if values[String(above)] == nil { values[String(above)] = "" }
        }
    }

    /// Clears an option, which stays there without a value, and takes away those below it.
    private mutating func clear(_ name: String) {
        let name = name.lowercased()
        values = values.filter { !$0.key.hasPrefix(name + "::") }
        if values[name] != nil { values[name] = "" }
    }

    /// The parts of a line, each with what ends it: a semicolon, a brace, or nothing at the end of the line.
    ///
    /// Nil where a quote does not end on its line: what follows it then apt takes for part of it or not, by its version.
    private func pieces(of line: [UInt8]) -> [(text: String, end: UInt8?)]? {
        var pieces: [(String, UInt8?)] = []
        var piece: [UInt8] = []
        var isQuoted = false
        for byte in line {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if !isQuoted, "{};".utf8.contains(byte) {
                pieces.append((String(decoding: piece, as: UTF8.self).trimmed(), byte))
                piece = []
            } else {
                piece.append(byte)
            }
        }
        if isQuoted { return nil }
        pieces.append((String(decoding: piece, as: UTF8.self).trimmed(), nil))
        return pieces
    }
}

/// Takes comments away as apt does: those to the end of the line first, then those between `/*` and `*/`.
struct AptComments {
    private var isOpen = false

    /// The line without comments; tabs become eight spaces.
    mutating func strip(_ line: Substring.UTF8View) -> [UInt8] {
        var rest = line.flatMap { $0 == UInt8(ascii: "\t") ? Array("        ".utf8) : [$0] }[...]
        if isOpen {
            guard let end = place(of: "*/", in: rest, from: rest.startIndex) else { return [] }
            rest = rest[(end + 2)...]
            isOpen = false
        }
        if let start = first("//", in: rest, where: { _ in true }) { rest = rest[..<start] }
        let isComment = { (place: Int) -> Bool in
            !["clear", "include", "x-apt-configure-index"].contains { rest[(place + 1)...].starts(with: $0.utf8) }
        }
        if let start = first("#", in: rest, where: isComment) { rest = rest[..<start] }
        var kept: [UInt8] = []
        while let start = first("/*", in: rest, where: { _ in true }) {
            kept += rest[..<start]
            guard let end = place(of: "*/", in: rest, from: start + 2) else {
                isOpen = true
                return kept
            }
            rest = rest[(end + 2)...]
        }
        return kept + rest
    }

    /// The first place of a mark outside of quotes.
    private func first(_ mark: String, in text: ArraySlice<UInt8>, where counts: (Int) -> Bool) -> Int? {
        var start = text.startIndex
        while let found = place(of: mark, in: text, from: start) {
            let quotes = text[..<found].count { $0 == UInt8(ascii: "\"") }
            if quotes.isMultiple(of: 2), counts(found) { return found }
            start = found + 1
        }
        return nil
    }

    private func place(of mark: String, in text: ArraySlice<UInt8>, from start: Int) -> Int? {
        (start..<max(start, text.endIndex)).first { text[$0...].starts(with: mark.utf8) }
    }
}

/// The name and the value of a statement.
struct AptWords {
    /// The name; empty for a statement of one word, which is a value of a list.
    let tag: String
    let value: String?

    /// Nil for what apt refuses, and for what it takes apart in a way of its own: `%41`, `[…]`, quotes within a word.
    init?(_ statement: String, opensScope: Bool) {
        var rest = statement.utf8[...]
        guard let first = Self.word(&rest) else { return nil }
        rest = rest.drop { Self.isSpace($0) }
        if rest.isEmpty {
            (tag, value) = opensScope ? (first, nil) : ("", first)
            return
        }
        guard let second = Self.word(&rest), rest.isEmpty else { return nil }
        (tag, value) = (first, second)
    }

    /// The next word, which may be quoted as a whole.
    private static func word(_ rest: inout Substring.UTF8View.SubSequence) -> String? {
        if rest.first == UInt8(ascii: "\"") {
            let text = rest.dropFirst().prefix { $0 != UInt8(ascii: "\"") }
            rest = rest.dropFirst(text.count + 2)
            guard rest.first.map(isSpace) ?? true else { return nil }
            return String(decoding: text, as: UTF8.self)
        }
        let text = rest.prefix { !isSpace($0) }
        rest = rest.dropFirst(text.count)
        return text.isEmpty || text.contains { "\"%[".utf8.contains($0) } ? nil : String(decoding: text, as: UTF8.self)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || (9...13).contains(byte) }
}

extension Substring {
    fileprivate func lastRange(of mark: String) -> Range<Index>? { ranges(of: mark).last }
}
