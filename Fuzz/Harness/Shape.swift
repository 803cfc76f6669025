/// What the inputs of a target are made of, which decides how they are changed.
enum Shape {
    /// Bytes or text: changed as libFuzzer does.
    case bytes
    /// One DER value.
    case der
    /// Pieces with lengths (``Pieces``), some of them DER.
    case pieces

    /// Other bytes of this shape; nil where libFuzzer is to change them by itself.
    func mutated(_ bytes: [UInt8], using random: inout SeededGenerator) -> [UInt8]? {
        // Broken lengths are inputs too.
        if random.chance(of: 8) { return nil }
        switch self {
        case .bytes: return nil
        case .der:
            guard var value = DERValue(parsing: bytes) else { return nil }
            value.mutate(using: &random)
            return value.encoded
        case .pieces:
            var pieces = Pieces(bytes).all
            mutate(&pieces, using: &random)
            return Pieces(pieces).encoded
        }
    }

    private func mutate(_ pieces: inout [[UInt8]], using random: inout SeededGenerator) {
        guard let index = pieces.indices.randomElement(using: &random) else {
            pieces = [[]]
            return
        }
        switch random.below(16) {
        case 0: pieces.remove(at: index)
        case 1: pieces.insert(pieces[index], at: pieces.indices.randomElement(using: &random) ?? index)
        case 2: pieces.swapAt(index, pieces.indices.randomElement(using: &random) ?? index)
        default:
            if var value = DERValue(parsing: pieces[index]), !random.chance(of: 8) {
                value.mutate(using: &random)
                pieces[index] = value.encoded
            } else {
                pieces[index] = mutatedByLibFuzzer(pieces[index], limit: pieces[index].count + 64)
            }
        }
    }
}

/// An input that is cut into pieces: before each, its length in two bytes, big-endian; the last may be cut short.
struct Pieces {
    let all: [[UInt8]]

    init(_ pieces: [[UInt8]]) {
        all = pieces
    }

    init(_ bytes: [UInt8]) {
        var (pieces, rest): ([[UInt8]], ArraySlice<UInt8>) = ([], bytes[...])
        while let high = rest.popFirst(), let low = rest.popFirst() {
            let piece = rest.prefix(Int(high) << 8 | Int(low))
            pieces.append(Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        all = pieces
    }

    var encoded: [UInt8] {
        all.flatMap { piece in
            let count = min(piece.count, 0xffff)
            return [UInt8(count >> 8), UInt8(count & 0xff)] + piece.prefix(count)
        }
    }
}
