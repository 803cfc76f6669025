internal import PostureModel

/// A configuration's text as it may be shown to others: the keys that are known not to hold secrets, with their values.
///
/// By lines and not by meaning, so that one with a mistake in it can be shown too. What is not understood is not shown:
/// comments, unknown keys, text between three quotation marks.
enum ShownConfiguration {
    /// The keys whose values are paths, names and numbers.
    private static let keys: Set<String> = [
        "state_directory", "interval", "url", "allow_plain_http", "ca_file", "pins", "proxy", "enrolment_token_file",
        "enrolment_token_credential", "service_token_file", "service_token_credential", "id", "database",
        "database_password_credential", "nickname", "certificate_file", "private_key_file", "common_name",
        "subject_alternative_names", "extended_key_usage", "trusted", "intermediates", "crls", "crl_failure",
        "expiry_warning",
    ]

    /// The text, a line for each of its lines.
    static func text(of text: String) -> String {
        var isInArray = false
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            shown(withoutComment(line), &isInArray)
        }.joined(separator: "\n")
    }

    private static func shown(_ line: String, _ isInArray: inout Bool) -> String {
        let hidden = "# \(Redaction.mark)"
        let wasInArray = isInArray
        isInArray = false
        if line.allSatisfy(\.isWhitespace) {
            isInArray = wasInArray
            return ""
        }
        guard !line.contains("\"\"\""), !line.contains("'''") else { return hidden }
        if wasInArray {
            guard isValue(line) else { return hidden }
            isInArray = !line.contains("]")
            return line
        }
        if line.hasPrefix("["), line.hasSuffix("]"), line.dropFirst().dropLast().allSatisfy(isOfHeader) { return line }
        guard let equals = line.firstIndex(of: "=") else { return hidden }
        let key = String(line[..<equals]).trimmed()
        let value = String(line[line.index(after: equals)...])
        guard keys.contains(key) else { return key.allSatisfy(isOfHeader) ? "\(key) = \(hidden)" : hidden }
        guard isValue(value) else { return "\(key) = \(hidden)" }
        if key.hasSuffix("_file") {
            // A secret that somebody wrote where its file's path belongs.
            return unquoted(value).map { $0.hasPrefix("/") } == true ? line : "\(key) = \(hidden)"
        }
        if ["url", "proxy"].contains(key) {
            guard let url = unquoted(value) else { return "\(key) = \(hidden)" }
            return url.contains("@") ? "\(key) = \"\(url.withoutUserInfo)\"" : line
        }
        isInArray = value.contains("[") && !value.contains("]")
        return line
    }

    /// What is in a text that no value should have, and that an error may have quoted: what stands before an `@` in a
    /// URL or a proxy, and what stands in the place of a path.
    static func secrets(of text: String) -> [String] {
        text.split(separator: "\n").flatMap { line -> [String] in
            let code = withoutComment(line)
            guard let equals = code.firstIndex(of: "=") else { return [] }
            let key = String(code[..<equals].split(separator: ".").last ?? "").trimmed()
            let value = String(code[code.index(after: equals)...]).trimmed()
            let plain = String(value.drop { "\"'".contains($0) }.reversed().drop { "\"'".contains($0) }.reversed())
            // A word of a sentence would take every sentence with it.
            if key.hasSuffix("_file") { return plain.hasPrefix("/") || plain.utf8.count < 8 ? [] : [plain] }
            return ["url", "proxy"].contains(key) ? plain.userInfo : []
        }
    }

    /// The text of one string without escapes; nil for everything else.
    private static func unquoted(_ value: String) -> String? {
        let value = value.trimmed()
        guard let quote = value.first, quote == "\"" || quote == "'", value.count >= 2, value.last == quote else {
            return nil
        }
        let text = String(value.dropFirst().dropLast())
        return text.contains(quote) || text.contains("\\") ? nil : text
    }

    private static func isOfHeader(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "[]_-.".contains(character))
    }

    /// Whether there are numbers, strings, commas and brackets, and every string ends.
    private static func isValue(_ text: String) -> Bool {
        if ["true", "false"].contains(text.trimmed()) { return true }
        var quote: Character?
        for character in text {
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if !character.isNumber, !character.isWhitespace, !"[],.+-_".contains(character) {
                return false
            }
        }
        return quote == nil
    }

    private static func withoutComment(_ line: Substring) -> String {
        var quote: Character?
        let code = line.prefix { character in
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == "#" {
                return false
            }
            return true
        }
        return String(code.reversed().drop(while: \.isWhitespace).reversed())
    }
}
