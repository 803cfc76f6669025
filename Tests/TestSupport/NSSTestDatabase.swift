import Foundation

/// A database of Mozilla NSS in a temporary directory, made and changed by `certutil` and `pk12util`.
package final class NSSTestDatabase: Sendable {
    private let directory: TemporaryDirectory
    private let passwordFile: String?

    /// The directory that holds `cert9.db` and `key4.db`.
    package var path: String { directory.path }

    /// Makes an empty database, with a password for its keys or with none, in a directory below `parent` if told.
    package init(password: String? = nil, below parent: String? = nil) throws {
        let directory = try TemporaryDirectory("nssdb", below: parent)
        self.directory = directory
        passwordFile = try password.map { try directory.write("\($0)\n".utf8, to: "password") }
        try certutil(["-N"] + (password == nil ? ["--empty-password"] : []))
    }

    /// Imports a certificate and its private key, into the database itself or a token beside it.
    package func importWithKey(_ certificate: TestCertificate, nickname: String, token: SoftToken? = nil) throws {
        let bundle = directory.file("\(UUID().uuidString).p12")
        try runTool(
            "openssl",
            [
                "pkcs12", "-export", "-in", certificate.certificatePath, "-inkey", certificate.keyPath,
                "-name", nickname, "-passout", "pass:test", "-iter", "1", "-out", bundle,
            ]
        )
        let own = passwordFile.map { ["-k", $0] } ?? ["-K", ""]
        let password = token.map { ["-h", $0.name, "-K", $0.pin] } ?? own
        let arguments = ["-i", bundle, "-d", "sql:\(path)", "-W", "test"] + password
        if let token { try token.run("pk12util", arguments) } else { try runTool("pk12util", arguments) }
        try FileManager.default.removeItem(atPath: bundle)
    }

    /// Imports a certificate alone; `trust` is in certutil's letters, such as `CT,C,C`.
    package func add(_ certificate: TestCertificate, nickname: String, trust: String = ",,") throws {
        try certutil(["-A", "-n", nickname, "-t", trust, "-i", certificate.certificatePath])
    }

    /// Has `pkcs11.txt` name a PKCS #11 module.
    package func addModule(_ library: String, name: String) throws {
        let entry = "library=\(library)\nname=\(name)\n\n"
        try Data(contents(of: directory.file("pkcs11.txt")) + entry.utf8).write(
            to: URL(filePath: directory.file("pkcs11.txt"))
        )
    }

    /// Sets the trust of the certificate with this nickname.
    package func setTrust(_ trust: String, nickname: String) throws {
        try certutil(["-M", "-n", nickname, "-t", trust])
    }

    /// Deletes the first certificate with this nickname; its key stays.
    package func delete(nickname: String) throws {
        try certutil(["-D", "-n", nickname])
    }

    /// The DER of every certificate with this nickname, one after the other, newest first: `certutil -L -r -n`.
    package func der(nickname: String, token: SoftToken? = nil) throws -> [UInt8] {
        try certutil(["-L", "-r", "-n", nickname] + (token.map { ["-h", $0.name, "-f", $0.passwordFile] } ?? [])).bytes
    }

    /// The DERs of ``der(nickname:token:)``, each by itself.
    package func ders(nickname: String, token: SoftToken? = nil) throws -> [[UInt8]] {
        var rest = try der(nickname: nickname, token: token)[...]
        var ders: [[UInt8]] = []
        // 30 82 and two bytes of length: a certificate has from 256 to 65,535 bytes.
        while rest.count > 4 {
            let start = rest.startIndex
            let length = 4 + Int(rest[start + 2]) << 8 + Int(rest[start + 3])
            ders.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return ders
    }

    /// What `certutil -L` prints of nicknames and trust, of the database itself or of a token beside it: one pair for
    /// each certificate.
    package func listing(token: SoftToken? = nil) throws -> [(nickname: String, trust: String)] {
        let arguments = ["-L"] + (token.map { ["-h", $0.name, "-f", $0.passwordFile] } ?? [])
        return try certutil(arguments).text.split(separator: "\n").dropFirst(2).compactMap { line in
            let line = String(line).trimmingCharacters(in: .whitespaces)
            guard let gap = line.lastIndex(of: " ") else { return nil }
            let nickname = line[..<gap].trimmingCharacters(in: .whitespaces)
            return (nickname, String(line[line.index(after: gap)...]))
        }
    }

    /// What `certutil -K` prints: a line for each private key, of the database itself or of a token beside it.
    package func keys(token: SoftToken? = nil) throws -> String {
        try certutil(["-K"] + (token.map { ["-h", $0.name, "-f", $0.passwordFile] } ?? [])).text
    }

    /// Runs an SQL statement on `cert9.db` (or another file of the database), behind NSS's back.
    @discardableResult
    package func sql(_ statement: String, file: String = "cert9.db") throws -> String {
        try runTool("sqlite3", [directory.file(file), statement]).text
    }

    @discardableResult
    private func certutil(_ arguments: [String]) throws -> ToolOutput {
        try runTool("certutil", arguments + ["-d", "sql:\(path)"] + (passwordFile.map { ["-f", $0] } ?? []))
    }
}
