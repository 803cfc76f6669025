internal import Agent
internal import PostureModel

/// Takes out of a text what is nobody's business.
///
/// Known secrets by their value; hardware addresses, UUIDs (WARP ids are some) and the names and passwords in URLs by
/// their form, so that those go too that nobody knew of.
struct Redaction {
    /// What stands where something was taken out.
    static let mark = "(not shown)"
    private let secrets: [String]

    /// Knows secrets by their values; one of fewer than four bytes would take half of the text with it.
    init(secrets: [String]) {
        let long = Set(secrets).filter { $0.utf8.count >= 4 && $0 != Self.mark }
        // As they stand in JSON too, sent or printed. The longest first: one may be part of another.
        self.secrets = Set(long.flatMap { [$0] + Self.json($0) }).sorted { ($0.utf8.count, $0) > ($1.utf8.count, $1) }
    }

    /// The text without all of that.
    func callAsFunction(_ text: String) -> String {
        Self.withoutForms(text.hiding(secrets))
    }

    private static func json(_ text: String) -> [String] {
        let sent = (try? Wire.encode(text)).map { String(decoding: $0, as: UTF8.self) }
        return [sent, try? Wire.line(text)].compactMap { $0.map { String($0.dropFirst().dropLast()) } }
    }

    private static func withoutForms(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let rest = bytes[index...]
            let isStart = index == 0 || !isHex(bytes[index - 1])
            if let length = userInfo(rest) {
                result += "://\(mark)@".utf8
                index += length
            } else if isStart, let length = address(rest) ?? uuid(rest) {
                result += mark.utf8
                index += length
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    /// The length of six pairs of digits and more, with the same character between them.
    private static func address(_ bytes: ArraySlice<UInt8>) -> Int? {
        let bytes = bytes.prefix(192)
        guard bytes.count >= 17 else { return nil }
        let start = bytes.startIndex
        let separator = bytes[start + 2]
        guard separator == UInt8(ascii: ":") || separator == UInt8(ascii: "-") else { return nil }
        var (length, pairs) = (0, 0)
        while start + length + 1 < bytes.endIndex, isHex(bytes[start + length]), isHex(bytes[start + length + 1]) {
            pairs += 1
            length += 2
            guard start + length < bytes.endIndex, bytes[start + length] == separator else { break }
            length += 1
        }
        return pairs >= 6 ? length : nil
    }

    /// The length of digits in groups of 8, 4, 4, 4 and 12.
    private static func uuid(_ bytes: ArraySlice<UInt8>) -> Int? {
        isUUID(bytes.prefix(36)) ? 36 : nil
    }

    /// The length of `://name:password@`.
    private static func userInfo(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.starts(with: "://".utf8) else { return nil }
        let authority = bytes.dropFirst(3).prefix(512).prefix { $0 > 0x20 && !"/?#\"'\\".utf8.contains($0) }
        return authority.lastIndex(of: UInt8(ascii: "@")).map { $0 - bytes.startIndex + 1 }
    }
}
