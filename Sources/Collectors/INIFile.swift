import PostureModel

/// A file of sections and keys, such as those of dnf, of which the last value of a key counts.
struct INIFile {
    private var values: [String: [String: String]] = [:]

    /// Nil for a file with a line that is none of: blank, a comment, `[section]`, `key = value` at its beginning.
    ///
    /// A line that begins with white space goes on with the value before it, and a comment does not end a value's line:
    /// neither is guessed at.
    init?(_ text: String) {
        var section: String?
        for line in text.split(whereSeparator: \.isNewline) {
            let trimmed = String(line).trimmed()
            if trimmed.isEmpty || trimmed.hasPrefix("#") || trimmed.hasPrefix(";") { continue }
            guard line.first?.isWhitespace == false else { return nil }
            if trimmed.hasPrefix("[") {
                guard trimmed.hasSuffix("]"), trimmed.count > 2 else { return nil }
                section = String(trimmed.dropFirst().dropLast())
                continue
            }
            let parts = trimmed.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let section, parts.count == 2 else { return nil }
            let key = String(parts[0]).trimmed()
            guard !key.isEmpty else { return nil }
            values[section, default: [:]][key] = String(parts[1]).trimmed()
        }
    }

    /// The value of a key in a section.
    subscript(_ section: String, _ key: String) -> String? { values[section]?[key] }
}
