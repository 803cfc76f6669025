/// What `pkcs11.txt` says of PKCS #11 modules: entries separated by empty lines, with a `KEY=VALUE` on each line.
///
/// A value is the rest of its line, or stands between quotation marks, where a backslash escapes. Keys are taken in
/// whatever case. An entry without a library is NSS's own module and not listed.
///
/// - SeeAlso: <https://firefox-source-docs.mozilla.org/security/nss/legacy/pkcs11/module_specs/index.html>
struct ModuleList: Equatable {
    /// An entry with a library.
    struct Module: Equatable {
        var library: String
        var name = ""
        /// What the module is given at its start, if anything.
        var parameters: String?

        /// Whether NSS would look for the library in the loader's path.
        var isPath: Bool { library.hasPrefix("/") }

        /// The entry as NSS takes it, with the library at `path`.
        func specification(library path: String) -> String {
            let pairs = [("library", path), ("name", name)] + (parameters.map { [("parameters", $0)] } ?? [])
            return pairs.map { "\($0.0)=\"\(ModuleList.escaped($0.1))\"" }.joined(separator: " ")
        }
    }

    /// Why a file is not one that we understand; the number is that of the line.
    enum Flaw: Error, Equatable {
        case tooLong
        case malformed(line: Int)
    }

    /// The most bytes that are taken; modutil's own entry has about 600.
    static let sizeLimit = 64 * 1024

    /// The entries with a library, in the order of the file.
    let modules: [Module]

    /// Parses the file.
    ///
    /// What is not understood is an error and not passed over, because NSS might understand it.
    init(parsing bytes: Span<UInt8>) throws(Flaw) {
        guard bytes.count <= ModuleList.sizeLimit else { throw .tooLong }
        var modules: [Module] = []
        var entry: [String: String] = [:]
        var line: [UInt8] = []
        var number = 0
        for index in 0...bytes.count {
            guard index == bytes.count || bytes[index] == UInt8(ascii: "\n") else {
                line.append(bytes[index])
                continue
            }
            number += 1
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            if line.first == UInt8(ascii: "#") {
                line = []
                continue
            }
            if !line.isEmpty { try ModuleList.read(line, number, into: &entry) }
            if line.isEmpty || index == bytes.count {
                if let library = entry["library"], !library.isEmpty {
                    modules.append(Module(library: library, name: entry["name"] ?? "", parameters: entry["parameters"]))
                }
                entry = [:]
            }
            line = []
        }
        self.modules = modules
    }

    private static func read(_ line: [UInt8], _ number: Int, into entry: inout [String: String]) throws(Flaw) {
        guard let middle = line.firstIndex(of: UInt8(ascii: "=")),
            let text = String(validating: line, as: UTF8.self), text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else { throw .malformed(line: number) }
        let key = String(decoding: line[..<middle], as: UTF8.self).lowercased()
        guard key.utf8.allSatisfy({ UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 }), entry[key] == nil else {
            throw .malformed(line: number)
        }
        guard let value = unquoted(line[(middle + 1)...]) else { throw .malformed(line: number) }
        entry[key] = String(decoding: value, as: UTF8.self)
    }

    /// The value without the marks around it, or nil where they do not close, or something follows them.
    private static func unquoted(_ value: ArraySlice<UInt8>) -> [UInt8]? {
        guard value.first == UInt8(ascii: "\"") else { return Array(value) }
        var result: [UInt8] = []
        var rest = value.dropFirst()
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return rest.isEmpty ? result : nil
            case UInt8(ascii: "\\"):
                guard let escaped = rest.popFirst() else { return nil }
                result.append(escaped)
            default: result.append(byte)
            }
        }
        return nil
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }
}
