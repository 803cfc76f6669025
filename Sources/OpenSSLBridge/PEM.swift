internal import PostureModel

/// The one reader of PEM (RFC 7468), for certificates, CRLs and private keys alike.
///
/// It skips byte order marks, line ends of every system, text outside of the blocks, and white space at the end of a
/// line. What other readers take in different ways is an error with its line: indented blocks, lost line ends, a missing
/// end line.
struct PEM {
    /// One block, from its begin line to its end line.
    struct Block {
        /// What it holds, by its label and headers.
        let content: EncodedContent
        /// The bytes that its base64 stands for.
        let der: [UInt8]
    }

    private enum Boundary: String {
        case begin = "-----BEGIN "
        case end = "-----END "
    }

    private typealias Line = ArraySlice<UInt8>

    private var rest: ArraySlice<UInt8>
    private var line = 0

    private init(rest: ArraySlice<UInt8>) { self.rest = rest }

    /// The blocks of a text, in its order; none where it has no begin line.
    static func blocks(of bytes: [UInt8]) throws(PEMError) -> [Block] {
        if bytes.allSatisfy(isBlank) { throw .empty }
        if isWide(bytes) { throw .wideCharacters }
        var reader = PEM(rest: bytes[...])
        var blocks: [Block] = []
        while let line = reader.next() {
            let text = trimmed(line)
            if let label = label(text, .begin) {
                try reader.checkStart(of: line)
                blocks.append(try reader.block(label))
            } else if let flaw = label(text, .end) == nil ? flaw(ofBoundary: text) : .endWithoutBegin {
                throw reader.error(flaw)
            }
        }
        return blocks
    }

    /// Whether a text has the beginning of a block somewhere.
    static func hasBlock(_ bytes: [UInt8]) -> Bool { has(bytes, Boundary.begin.rawValue) }

    /// Whether a text is UTF-16 or UTF-32: by its byte order mark, or by the NULs in the beginning of a block.
    private static func isWide(_ bytes: [UInt8]) -> Bool {
        if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) { return true }
        return bytes.contains(0) && !hasBlock(bytes) && hasBlock(bytes.filter { $0 != 0 })
    }

    /// The next line, without byte order marks, which also stand where files were joined; nil after the last line.
    private mutating func next() -> Line? {
        guard !rest.isEmpty else { return nil }
        line += 1
        let end = rest.firstIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } ?? rest.endIndex
        var text = rest[..<end]
        rest = rest[end...]
        rest = rest.dropFirst(rest.starts(with: [UInt8(ascii: "\r"), UInt8(ascii: "\n")]) ? 2 : 1)
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        while text.starts(with: mark) { text = text.dropFirst(mark.count) }
        return text
    }

    /// The rest of a block whose begin line was read.
    private mutating func block(_ label: String) throws(PEMError) -> Block {
        let start = line
        var base64: [UInt8] = []
        var isEncrypted = false
        while let line = next() {
            let text = Self.trimmed(line)
            if Self.label(text, .begin) != nil { break }
            if let end = Self.label(text, .end) {
                try checkStart(of: line)
                guard end == label else { throw error(.endOfAnother) }
                guard let der = Base64.decode(String(decoding: base64, as: UTF8.self)), !der.isEmpty else {
                    throw error(.notBase64, at: start)
                }
                return Block(content: EncodedContent(label: label, isEncrypted: isEncrypted), der: der)
            }
            if text.allSatisfy(Self.isBase64) {
                base64 += text
            } else if base64.isEmpty, text.contains(UInt8(ascii: ":")) {
                // A header (RFC 1421 §4.6).
                isEncrypted = isEncrypted || Self.has(text, "ENCRYPTED")
            } else {
                throw error(Self.flaw(ofBoundary: text) ?? .notBase64)
            }
        }
        throw error(.noEnd, at: start)
    }

    private func error(_ flaw: PEMError.Flaw, at line: Int? = nil) -> PEMError { .line(line ?? self.line, flaw) }

    /// Other readers find no boundary in an indented line.
    private func checkStart(of line: Line) throws(PEMError) {
        guard line.first == UInt8(ascii: "-") else { throw error(.indented) }
    }
}

// MARK: - What is looked for

extension PEM {
    /// The DER of all that is looked for in a file, in its order: one object in DER, or those of a PEM text.
    ///
    /// Other blocks of PEM are passed over, unless what is looked for may be in them.
    static func objects(_ wanted: EncodedContent, in bytes: [UInt8]) throws(PEMError) -> [[UInt8]] {
        if isDER(bytes) {
            let content = EncodedContent(ofDER: bytes) ?? wanted
            guard content == wanted else { throw .other(content, isDER: true, insteadOf: wanted) }
            return [bytes]
        }
        let contents = try blocks(of: bytes)
        guard !contents.isEmpty else { throw .neither }
        let found = contents.filter { $0.content == wanted }
        let named =
            contents.first { $0.content.mayHold(wanted) }
            ?? (found.isEmpty ? contents.first { $0.content != .parameters } ?? contents[0] : nil)
        if let named { throw .other(named.content, isDER: false, insteadOf: wanted) }
        return found.map(\.der)
    }

    /// Whether bytes are a SEQUENCE of DER, and not a text that begins with a zero.
    private static func isDER(_ bytes: [UInt8]) -> Bool {
        guard bytes.first == 0x30 else { return false }
        return !hasBlock(bytes) && bytes.contains { $0 >= 0x80 } || sequenceLength(bytes) == bytes.count
    }

    /// The length of the object that begins here, with its tag; nil where that is not said (X.690 §8.1.3).
    private static func sequenceLength(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 2 else { return nil }
        guard bytes[1] >= 0x80 else { return Int(bytes[1]) + 2 }
        let digits = bytes.dropFirst(2).prefix(Int(bytes[1] & 0x7f))
        guard (1...4).contains(digits.count) else { return nil }
        return digits.reduce(0) { $0 << 8 | Int($1) } + 2 + digits.count
    }
}

// MARK: - Lines

extension PEM {
    /// The label of a begin or end line; nil for any other line.
    private static func label(_ text: Line, _ boundary: Boundary) -> String? {
        let (start, end) = (Array(boundary.rawValue.utf8), Array("-----".utf8))
        guard text.count >= start.count + end.count, text.starts(with: start), text.suffix(end.count).elementsEqual(end)
        else { return nil }
        let label = String(decoding: text.dropFirst(start.count).dropLast(end.count), as: UTF8.self)
        return label.contains("--") ? nil : label
    }

    /// What is wrong with a line that was meant as a boundary and is none; nil for other text.
    private static func flaw(ofBoundary text: Line) -> PEMError.Flaw? {
        let dash = UInt8(ascii: "-")
        for keyword in [Boundary.begin.rawValue, Boundary.end.rawValue] {
            guard let found = text.firstRange(of: Array(keyword.utf8)) else { continue }
            if has(text, "\\n") { return .escapedLineEnds }
            guard text.first == dash || text.allSatisfy(isBase64OrDash) else { return .textBefore }
            guard has(text[found.upperBound...], "-----") else { return .malformedBoundary }
            return text.starts(with: Array(Boundary.end.rawValue.utf8)) ? .missingLineEnd : .lostLineEnds
        }
        // Too few hyphens, the dashes of a word processor, or small letters.
        let letters = String(decoding: text, as: UTF8.self).uppercased()
        let label = letters.drop(while: isDash)
        guard label.count < letters.count, letters.last.map(isDash) == true else { return nil }
        return label.hasPrefix("BEGIN ") || label.hasPrefix("END ") ? .malformedBoundary : nil
    }

    private static func isDash(_ character: Character) -> Bool {
        "-\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2015}".contains(character)
    }

    private static func isBase64OrDash(_ byte: UInt8) -> Bool {
        isBase64(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: " ")
    }

    private static func has(_ text: some Collection<UInt8>, _ part: String) -> Bool {
        text.firstRange(of: Array(part.utf8)) != nil
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

    private static func trimmed(_ line: Line) -> Line {
        var text = line.drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="):
            true
        default: false
        }
    }
}
