/// The number of the first line with a table header at which toml++ ends the process where it should refuse it: one
/// whose name begins with none of what a name may begin with, such as `[!]` and `[[$x]]`.
///
/// It asserts there what it has not checked (v3.0 to v3.4, `parse_key`). Lines of multi-line values are looked at like
/// all others: no configuration of ours has such values.
func lineOfBrokenHeader(in text: String) -> Int? {
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
        var rest = line.drop { isBlank($0) || byteOrderMark.contains($0) }
        guard rest.popFirst() == UInt8(ascii: "[") else { continue }
        rest = rest.drop(while: isBlank)
        if rest.first == UInt8(ascii: "[") { rest = rest.dropFirst().drop(while: isBlank) }
        // A header that the end of the text cuts short toml++ refuses by itself.
        let isCutShort = rest.isEmpty && index == lines.count - 1
        if !isCutShort, !mayBeginName(rest.first ?? UInt8(ascii: "\n")) { return index + 1 }
    }
    return nil
}

/// U+FEFF in UTF-8, which toml++ passes over at the beginning.
private let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

private func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
}

private func mayBeginName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "\""),
        UInt8(ascii: "'"), UInt8(ascii: "]"):
        true
    default: false
    }
}
