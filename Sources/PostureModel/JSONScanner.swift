/// One pass over the bytes of a JSON text, for what a decoder does not tell: how deep it nests, and whether a name stands
/// twice in an object.
///
/// The text need not be JSON; then the answers mean nothing, and the decoder refuses it.
package enum JSONScanner {
    /// The most brackets and braces that are open at once, outside strings.
    package static func depth(of bytes: [UInt8]) -> Int {
        var (open, most) = (0, 0)
        for token in Tokens(bytes) {
            switch token {
            case .open:
                open += 1
                most = max(most, open)
            case .close: open -= 1
            case .comma, .string: break
            }
        }
        return most
    }

    /// Whether no object has a name twice (RFC 7515 §4, RFC 7519 §4): of two, two readers take different ones.
    package static func hasUniqueNames(_ bytes: [UInt8]) -> Bool {
        /// The names of each object that is open; nil for an array.
        var open: [Set<String>?] = []
        var isName = false
        for token in Tokens(bytes) {
            switch token {
            case .open(let isObject):
                open.append(isObject ? [] : nil)
                isName = isObject
            case .close: _ = open.popLast()
            case .comma: isName = open.last.flatMap(\.self) != nil
            case .string(let range):
                guard isName, let last = open.indices.last else { continue }
                // With its escapes undone: "\u006bid" is "kid".
                let name = try? Wire.decode(String.self, from: Array(bytes[range]))
                guard let name, open[last]?.insert(name).inserted == true else { return false }
                isName = false
            }
        }
        return true
    }

    private enum Token {
        case open(isObject: Bool)
        case close
        case comma
        /// A string with its quotation marks; one that does not end reaches to the end.
        case string(Range<Int>)
    }

    private struct Tokens: Sequence, IteratorProtocol {
        private let bytes: [UInt8]
        private var index = 0

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        mutating func next() -> Token? {
            while index < bytes.count {
                let start = index
                index += 1
                switch bytes[start] {
                case UInt8(ascii: "{"): return .open(isObject: true)
                case UInt8(ascii: "["): return .open(isObject: false)
                case UInt8(ascii: "}"), UInt8(ascii: "]"): return .close
                case UInt8(ascii: ","): return .comma
                case UInt8(ascii: "\""):
                    skipString()
                    return .string(start..<index)
                default: break
                }
            }
            return nil
        }

        /// Goes behind the end of the string that has begun.
        private mutating func skipString() {
            while index < bytes.count {
                switch bytes[index] {
                case UInt8(ascii: "\""):
                    index += 1
                    return
                case UInt8(ascii: "\\"): index = Swift.min(index + 2, bytes.count)
                default: index += 1
                }
            }
        }
    }
}
