/// A DER value as a tree: the harness's own reader and writer, so that a certificate can be changed and stay DER.
struct DERValue: Equatable {
    enum Content: Equatable {
        case bytes([UInt8])
        /// Values one after the other; `prefix` is what stands before them: the count of unused bits of a BIT STRING.
        case values([DERValue], prefix: [UInt8])
    }

    /// The identifier octet; those of several octets are not read.
    var tag: UInt8
    var content: Content

    init(tag: UInt8, _ content: Content) {
        (self.tag, self.content) = (tag, content)
    }

    /// Reads bytes that are one value and nothing else, with definite lengths.
    init?(parsing bytes: [UInt8]) {
        guard let values = DERValue.values(in: bytes[...], depth: 0), values.count == 1 else { return nil }
        self = values[0]
    }

    /// The values of a constructed one.
    var children: [DERValue] {
        get { if case .values(let values, _) = content { values } else { [] } }
        set {
            if case .values(_, let prefix) = content { content = .values(newValue, prefix: prefix) }
        }
    }

    var encoded: [UInt8] {
        let bytes =
            switch content {
            case .bytes(let bytes): bytes
            case .values(let values, let prefix): prefix + values.flatMap(\.encoded)
            }
        return [tag] + DERValue.length(bytes.count) + bytes
    }

    private static func length(_ count: Int) -> [UInt8] {
        if count < 0x80 { return [UInt8(count)] }
        var (octets, rest): ([UInt8], Int) = ([], count)
        while rest > 0 {
            octets.insert(UInt8(rest & 0xff), at: 0)
            rest >>= 8
        }
        return [0x80 | UInt8(octets.count)] + octets
    }

    private static func values(in bytes: ArraySlice<UInt8>, depth: Int) -> [DERValue]? {
        guard depth < 24 else { return nil }
        var (values, rest): ([DERValue], ArraySlice<UInt8>) = ([], bytes)
        while let tag = rest.popFirst() {
            guard tag & 0x1f != 0x1f, var count = rest.popFirst().map(Int.init) else { return nil }
            if count > 0x80 {
                let octets = rest.prefix(count & 0x7f)
                guard octets.count == count & 0x7f, octets.count <= 3 else { return nil }
                count = octets.reduce(0) { $0 << 8 | Int($1) }
                rest = rest.dropFirst(octets.count)
            } else if count == 0x80 {
                return nil
            }
            guard count <= rest.count else { return nil }
            values.append(DERValue(tag: tag, contents: rest.prefix(count), depth: depth))
            rest = rest.dropFirst(count)
        }
        return values
    }

    /// Looks into constructed values, and into an OCTET STRING or BIT STRING that holds a value, as extensions do.
    private init(tag: UInt8, contents: ArraySlice<UInt8>, depth: Int) {
        self.tag = tag
        content = .bytes(Array(contents))
        let prefix = tag == 0x03 ? 1 : 0
        guard contents.count > prefix, tag & 0x20 != 0 || tag == 0x03 || tag == 0x04,
            let values = DERValue.values(in: contents.dropFirst(prefix), depth: depth + 1)
        else { return }
        let read = DERValue(tag: tag, .values(values, prefix: Array(contents.prefix(prefix))))
        // What would not be written again as it was read stays bytes.
        if read.encoded.suffix(contents.count) == contents { content = read.content }
    }
}
