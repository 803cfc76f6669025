/// What `pkcs11.txt` says of PKCS #11 modules: entries separated by empty lines, with a `KEY=VALUE` on each line.
///
/// A value is the rest of its line, or stands between quotation marks, where a backslash escapes. Keys are taken in
/// whatever case. NSS's own module is not listed: an entry without a library, or with one that is a part of NSS.
///
/// - SeeAlso: <https://firefox-source-docs.mozilla.org/security/nss/legacy/pkcs11/module_specs/index.html>
struct ModuleList: Equatable {
    /// An entry with a library.
    struct Module: Equatable {
        var library: String
        var name = ""
        /// What the module is given at its start, if anything.
        var parameters: String?

        /// Whether it is a list of public CAs, which holds no certificate of a machine's and no key.
        var holdsAuthoritiesOnly: Bool {
            ["libnssckbi.so", "p11-kit-trust.so"].contains(ModuleList.fileName(of: library))
        }

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

    /// The entries with a library that is not a part of NSS, in the order of the file.
    let modules: [Module]
    /// The names that NSS's own module gives the database's token and slot, where the file says so.
    let databaseNames: [String]

    /// Parses the file.
    ///
    /// What is not understood is an error and not passed over, because NSS might understand it.
    init(parsing bytes: Span<UInt8>) throws(Flaw) {
        guard bytes.count <= ModuleList.sizeLimit else { throw .tooLong }
        var modules: [Module] = []
        var databaseNames: [String] = []
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
                if !entry.isEmpty, ModuleList.isOfNSS(entry) {
                    let parameters = ModuleParameters(parsing: entry["parameters"] ?? "")
                    databaseNames += ModuleList.descriptions.compactMap { parameters[$0] }
                } else if let library = entry["library"] {
                    modules.append(Module(library: library, name: entry["name"] ?? "", parameters: entry["parameters"]))
                }
                entry = [:]
            }
            line = []
        }
        self.modules = modules
        self.databaseNames = databaseNames.filter { !$0.isEmpty }
    }

    /// Where NSS's own module is told how its tokens and slots are called.
    private static let descriptions = [
        "dbtokendescription", "fipstokendescription", "cryptotokendescription", "dbslotdescription",
        "fipsslotdescription",
    ]

    /// Whether an entry is NSS's own module.
    ///
    /// Fedora and RHEL name libnsssysinit.so in the system's database: it has no token, and tells NSS to open a user's
    /// database beside this one. libsoftokn3.so is what an entry without a library stands for, if it is flagged
    /// `internal`; without the flag it opens another database.
    private static func isOfNSS(_ entry: [String: String]) -> Bool {
        guard let library = entry["library"], !library.isEmpty else { return true }
        let flags = ModuleParameters(parsing: entry["nss"] ?? "").flags
        switch fileName(of: library) {
        case "libnsssysinit.so": return true
        case "libsoftokn3.so": return flags.contains("internal")
        default: return false
        }
    }

    private static func fileName(of library: String) -> String {
        let path = library.utf8.reversed().drop { $0 == 0x20 }
        return String(decoding: path.prefix { $0 != UInt8(ascii: "/") }.reversed(), as: UTF8.self)
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
