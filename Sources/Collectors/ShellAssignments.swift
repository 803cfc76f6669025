/// A file of `NAME=value` lines that a shell reads, such as os-release(5) and `/etc/ufw/ufw.conf`; the last value counts.
///
/// Only what every shell takes for the same is taken: assignments, one a line, quoted or not, with a comment behind them or
/// none. Anything that a shell would run, expand or refuse makes the whole file not understood, for it may change a value.
///
/// - SeeAlso: POSIX.1-2024, Shell Command Language, 2.2 Quoting
struct ShellAssignments {
    private var values: [String: String] = [:]

    /// The value of a variable, which may be empty, or nil where nothing assigns it.
    subscript(_ name: String) -> String? { values[name] }

    /// Nil for a file that is not understood.
    init?(_ file: Span<UInt8>) {
        var index = 0
        while index < file.count {
            while index < file.count, isBlank(file[index]) || file[index] == newline { index += 1 }
            guard index < file.count else { return }
            if file[index] != UInt8(ascii: "#") {
                var name: [UInt8] = []
                while index < file.count, isName(file[index], isFirst: name.isEmpty) {
                    name.append(file[index])
                    index += 1
                }
                guard !name.isEmpty, index < file.count, file[index] == UInt8(ascii: "=") else { return nil }
                index += 1
                guard let value = word(of: file, at: &index) else { return nil }
                values[String(decoding: name, as: UTF8.self)] = String(decoding: value, as: UTF8.self)
                while index < file.count, isBlank(file[index]) { index += 1 }
            }
            if index < file.count, file[index] == UInt8(ascii: "#") {
                while index < file.count, file[index] != newline { index += 1 }
            }
            guard index == file.count || file[index] == newline else { return nil }
        }
    }
}

private let newline = UInt8(ascii: "\n")

/// White space of a shell; a carriage return is none, but nobody means it at the end of a line.
private func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

private func isName(_ byte: UInt8, isFirst: Bool) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): !isFirst
    default: false
    }
}

/// One word with its quotes taken away, or nil for what a shell would expand, run or refuse.
private func word(of file: Span<UInt8>, at index: inout Int) -> [UInt8]? {
    var value: [UInt8] = []
    var quote: UInt8?
    while index < file.count {
        let byte = file[index]
        if byte == 0 { return nil }
        if quote == nil, isBlank(byte) || byte == newline { return value }
        index += 1
        switch (byte, quote) {
        case (UInt8(ascii: "\""), nil), (UInt8(ascii: "'"), nil): quote = byte
        case (_, .some(byte)): quote = nil
        case (UInt8(ascii: "\\"), nil), (UInt8(ascii: "\\"), UInt8(ascii: "\"")):
            // A backslash before a newline goes on with the next line.
            guard index < file.count, file[index] != newline else { return nil }
            // Between double quotes a backslash stands for itself, save before these four.
            if quote != nil, !"$\"`\\".utf8.contains(file[index]) { value.append(byte) }
            value.append(file[index])
            index += 1
        case (_, UInt8(ascii: "'")): value.append(byte)
        case (UInt8(ascii: "$"), _), (UInt8(ascii: "`"), _): return nil
        case (_, nil) where "|&;<>()".utf8.contains(byte) || (byte == UInt8(ascii: "~") && value.isEmpty): return nil
        default: value.append(byte)
        }
    }
    return quote == nil ? value : nil
}
