import Foundation

/// A database of Mozilla NSS in a temporary directory, made and changed by `certutil` and `pk12util`.
public final class NSSTestDatabase: Sendable {
    private let directory: TemporaryDirectory
    private let passwordFile: String?

    /// The directory that holds `cert9.db` and `key4.db`.
    public var path: String { directory.path }

    /// Makes an empty database, with a password for its keys or with none.
    public init(password: String? = nil) throws {
        let directory = try TemporaryDirectory("nssdb")
        self.directory = directory
        passwordFile = try password.map { try directory.write("\($0)\n".utf8, to: "password") }
        try certutil(["-N"] + (password == nil ? ["--empty-password"] : []))
    }

    /// Imports a certificate and its private key.
    public func importWithKey(_ certificate: TestCertificate, nickname: String) throws {
        let bundle = directory.file("\(UUID().uuidString).p12")
        try runTool(
            "openssl",
            [
                "pkcs12", "-export", "-in", certificate.certificatePath, "-inkey", certificate.keyPath,
                "-name", nickname, "-passout", "pass:test", "-iter", "1", "-out", bundle,
            ]
        )
        let password = passwordFile.map { ["-k", $0] } ?? ["-K", ""]
        try runTool("pk12util", ["-i", bundle, "-d", "sql:\(path)", "-W", "test"] + password)
        try FileManager.default.removeItem(atPath: bundle)
    }

    /// Imports a certificate alone; `trust` is in certutil's letters, such as `CT,C,C`.
    public func add(_ certificate: TestCertificate, nickname: String, trust: String = ",,") throws {
        try certutil(["-A", "-n", nickname, "-t", trust, "-i", certificate.certificatePath])
    }

    /// Sets the trust of the certificate with this nickname.
    public func setTrust(_ trust: String, nickname: String) throws {
        try certutil(["-M", "-n", nickname, "-t", trust])
    }

    /// Deletes the first certificate with this nickname; its key stays.
    public func delete(nickname: String) throws {
        try certutil(["-D", "-n", nickname])
    }

    /// The DER of every certificate with this nickname, one after the other, newest first: `certutil -L -r -n`.
    public func der(nickname: String) throws -> [UInt8] {
        try certutil(["-L", "-r", "-n", nickname]).bytes
    }

    /// What `certutil -L` prints of nicknames and trust: one pair for each certificate.
    public func listing() throws -> [(nickname: String, trust: String)] {
        try certutil(["-L"]).text.split(separator: "\n").dropFirst(2).compactMap { line in
            let line = String(line).trimmingCharacters(in: .whitespaces)
            guard let gap = line.lastIndex(of: " ") else { return nil }
            let nickname = line[..<gap].trimmingCharacters(in: .whitespaces)
            return (nickname, String(line[line.index(after: gap)...]))
        }
    }

    /// What `certutil -K` prints: a line for each private key.
    public func keys() throws -> String {
        try certutil(["-K"]).text
    }

    /// Runs an SQL statement on `cert9.db` (or another file of the database), behind NSS's back.
    @discardableResult
    public func sql(_ statement: String, file: String = "cert9.db") throws -> String {
        try runTool("sqlite3", [directory.file(file), statement]).text
    }

    @discardableResult
    private func certutil(_ arguments: [String]) throws -> ToolOutput {
        try runTool("certutil", arguments + ["-d", "sql:\(path)"] + (passwordFile.map { ["-f", $0] } ?? []))
    }
}
