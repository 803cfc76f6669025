/// Finds the line of a key in a TOML text: the parser keeps no positions.
///
/// Headers and keys are recognised where they are bare and begin a line, as people write them; of other keys nothing is
/// said.
enum TOMLLines {
    /// The number of the line that begins the value at this path, from 1; nil if it is not found.
    static func line(of path: [any CodingKey], in text: String) -> Int? {
        let wanted = path.map { $0.intValue.map(String.init) ?? $0.stringValue }
        var table: [String] = []
        var counts: [String: Int] = [:]
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = line.drop(while: \.isWhitespace)
            if line.hasPrefix("[[") {
                let name = names(line.dropFirst(2))
                let count = counts[name.joined(separator: "."), default: 0]
                counts[name.joined(separator: ".")] = count + 1
                table = name + ["\(count)"]
            } else if line.hasPrefix("[") {
                table = names(line.dropFirst())
            } else if let end = line.firstIndex(of: "="), wanted.starts(with: table + names(line[..<end])) {
                return index + 1
            }
        }
        return nil
    }

    /// The parts of a dotted name, up to what ends it.
    private static func names(_ text: Substring) -> [String] {
        text.prefix { $0 != "]" && $0 != "#" }.split(separator: ".").map { part in
            String(part.filter { !$0.isWhitespace })
        }
    }
}
