/// The passwords of a database and of the tokens beside it, in the format of `certutil -f`.
///
/// A line `TOKEN NAME:PASSWORD` is the password of the token with that very name. The database's own password is on
/// such a line with one of the names that NSS has for it, such as `NSS Certificate DB` or, in FIPS mode,
/// `NSS FIPS 140-2 Certificate DB`; where there is none, it is the whole last line, unless that line is for a token that
/// is there. Only a line that names it is ever used for a token other than the database itself: a
/// hardware token locks itself after a few wrong ones. Empty lines do not count; of two lines for a token the first.
///
/// - SeeAlso: certutil(1), option `-f`
package struct TokenPasswords: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Why bytes are not passwords; what they are is not told.
    package enum Flaw: Error, Sendable, Equatable, CustomStringConvertible {
        /// There are more than ``TokenPasswords/sizeLimit`` bytes.
        case tooLong
        /// There is a NUL, at which NSS would end a password.
        case containsNUL
        /// There is no line with anything on it.
        case empty

        /// One line for a person.
        package var description: String {
            switch self {
            case .tooLong: "more than \(TokenPasswords.sizeLimit) bytes of passwords; refused"
            case .containsNUL: "a NUL among the passwords; refused"
            case .empty: "no password: the file has no line with anything on it"
            }
        }
    }

    /// The most bytes that are taken.
    package static let sizeLimit = 16 * 1024

    private let lines: [[UInt8]]

    /// Parses the contents of a file of passwords; lines end with LF, CR or both.
    package init(parsing bytes: Span<UInt8>) throws(Flaw) {
        guard bytes.count <= TokenPasswords.sizeLimit else { throw .tooLong }
        var lines: [[UInt8]] = []
        var line: [UInt8] = []
        for index in 0..<bytes.count {
            switch bytes[index] {
            case 0: throw .containsNUL
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                lines.append(line)
                line = []
            default: line.append(bytes[index])
            }
        }
        self.lines = (lines + [line]).filter { !$0.isEmpty }
        guard !self.lines.isEmpty else { throw .empty }
    }

    /// The password on the line that names this token.
    func named(_ token: String) -> [UInt8]? {
        let start = Array("\(token):".utf8)
        return lines.first { $0.starts(with: start) }.map { Array($0.dropFirst(start.count)) }
    }

    /// The names of the database: its token and its slot, as NSS calls them itself, outside of FIPS mode and in it.
    static let databaseNames =
        ["NSS Certificate DB", "NSS User Private Key and Certificate Services", "NSS Generic Crypto Services"]
        + ["140-2", "140-3"].flatMap { ["NSS FIPS \($0) Certificate DB", "NSS FIPS \($0) User Private Key Services"] }

    /// The database's own password by any of its names, the first that has a line, where the other tokens are these.
    func ofDatabase(named names: [String], beside tokens: [String]) -> [UInt8]? {
        if let password = names.lazy.filter({ !tokens.contains($0) }).compactMap(named).first { return password }
        guard let last = lines.last, !tokens.contains(where: { last.starts(with: "\($0):".utf8) }) else { return nil }
        return last
    }

    /// Nothing of the passwords.
    package var description: String { "passwords (not shown)" }
    /// Nothing of the passwords.
    package var debugDescription: String { description }
    /// Nothing of the passwords.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
