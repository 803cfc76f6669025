/// What a value of `pkcs11.txt` holds: `KEY=VALUE` pairs with white space between them, in any order.
///
/// A value may stand between marks (`"…"`, `'…'`, `{…}`, `(…)`, `[…]` or `<…>`), where a backslash escapes. Keys are taken
/// in whatever case, and of two with one name the first, as NSS does.
///
/// - SeeAlso: <https://firefox-source-docs.mozilla.org/security/nss/legacy/pkcs11/module_specs/index.html>
struct ModuleParameters: Equatable {
    private var values: [String: String] = [:]

    init(parsing text: String) {
        var rest = Array(text.utf8)[...]
        while true {
            rest = rest.drop(while: Self.isSpace)
            if rest.isEmpty { return }
            let key = rest.prefix { $0 != UInt8(ascii: "=") && !Self.isSpace($0) }
            rest = rest.dropFirst(key.count)
            // A word without a value says nothing.
            guard rest.first == UInt8(ascii: "=") else { continue }
            rest = rest.dropFirst()
            let name = String(decoding: key, as: UTF8.self).lowercased()
            let value = String(decoding: Self.takeValue(&rest), as: UTF8.self)
            if values[name] == nil { values[name] = value }
        }
    }

    /// The value of a key, which is given in lower case.
    subscript(key: String) -> String? { values[key] }

    /// The flags of a list such as `flags=internal,critical`, in lower case.
    var flags: Set<String> {
        Set((values["flags"] ?? "").lowercased().split(separator: ",").map { $0.filter { $0 != " " } })
    }

    private static func takeValue(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
        let marks = Dictionary(uniqueKeysWithValues: zip("\"'{([<".utf8, "\"'})]>".utf8))
        guard let close = rest.first.flatMap({ marks[$0] }) else {
            let value = rest.prefix { !isSpace($0) }
            rest = rest.dropFirst(value.count)
            return Array(value)
        }
        rest = rest.dropFirst()
        var value: [UInt8] = []
        while let byte = rest.popFirst(), byte != close {
            let escaped = byte == UInt8(ascii: "\\") ? rest.popFirst() : nil
            value.append(escaped ?? byte)
        }
        return value
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
