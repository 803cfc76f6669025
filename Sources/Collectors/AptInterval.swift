/// How often apt does something: the value of an option of `APT::Periodic`, as `/usr/lib/apt/apt.systemd.daily` takes it.
///
/// That is a shell script without checks: `Enable` is compared with 0 as a number, where a word is not equal to it; the
/// intervals are reckoned with, where a word ends the script as soon as there is a time of the last run to compare with.
struct AptInterval {
    private let text: Substring
    private let digits: Substring
    private let unit: Character?

    /// Nil where the script would take the value apart in a way of its own: nothing, or more than one word.
    init?(_ value: String) {
        let words = value.split { $0 == " " || $0 == "\t" || $0 == "\n" }
        guard words.count == 1, let word = words.first, word.utf8.allSatisfy(Self.isPlain) else { return nil }
        text = word
        unit = word.last.flatMap { "smhd".contains($0) ? $0 : nil }
        digits = unit == nil ? word : word.dropLast()
    }

    /// Whether the shell's `-eq 0` says yes: only a decimal number is one.
    var isZero: Bool { Self.isNumber(text) && !text.contains { ("1"..."9").contains($0) } }

    /// Whether something is done ever again, once it was done.
    var isEverDue: Bool {
        if text == "always" { return true }
        if text == "0" || digits.isEmpty { return false }
        if unit == "s" { return Self.isNumber(digits) }
        // Numbers with `0` in front are octal here, and with `0x` hexadecimal.
        let isHexadecimal = digits.hasPrefix("0x") || digits.hasPrefix("0X")
        if isHexadecimal { return digits.count > 2 && digits.dropFirst(2).allSatisfy(\.isHexDigit) }
        let isOctal = digits.hasPrefix("0") && digits.contains { "89".contains($0) }
        return Self.isNumber(digits) && !isOctal
    }

    private static func isNumber(_ text: Substring) -> Bool {
        let digits = text.first.map { "+-".contains($0) } == true ? text.dropFirst() : text
        return (1...9).contains(digits.count) && digits.allSatisfy { ("0"..."9").contains($0) }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        Character(Unicode.Scalar(byte)).isLetter && byte < 0x80 || "0123456789+-".utf8.contains(byte)
    }
}
