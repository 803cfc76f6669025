package import ConfigurationFile
internal import OpenSSLBridge
internal import PostureModel
internal import Verification

/// The contents of `postured.toml`, read and checked as a whole.
///
/// packaging/examples/postured.toml documents every key.
package struct AgentConfiguration: Sendable {
    /// The scorer; nil where none is configured yet, and the machine can only be looked at.
    package var scorer: Scorer?
    /// Where the side with the keys keeps the device's key.
    package var keyDirectory: String
    /// Where the side with the network keeps what it has to remember.
    package var stateDirectory: String
    /// Seconds between reports, where the scorer asks for nothing else.
    package var interval: Int
    /// The ids of the machine's WARP client.
    package var warpIDs: [String]
    /// The certificate checks, in the file's order.
    package var checks: [CertificateCheck]
    /// The files that were read together with the configuration: one that changes is to be read again.
    package var files: [String] = []
    /// Where the checks look each time, and the enrolment token: what changes there is to be reported.
    ///
    /// With a token that comes, the scorer may take a device that it has refused. That the agent deletes it once it has no
    /// use costs one more report.
    package var watchedPaths: [String] {
        var paths = checks.flatMap { check in
            switch check.source {
            case .database(let path, _): [path] + check.crls
            case .files(let certificate, let key): [certificate, key] + check.crls
            }
        }
        if case .file(let token) = scorer?.enrolmentToken { paths.append(token) }
        return paths
    }

    /// What there is without a file: the facts, and nothing else.
    package static let empty = AgentConfiguration(
        scorer: nil,
        keyDirectory: "/var/lib/postured-collector",
        stateDirectory: "/var/lib/postured",
        interval: 300,
        warpIDs: [],
        checks: []
    )
}

extension AgentConfiguration {
    /// Reads `postured.toml` and its drop-ins; `credentials` is the directory of the credentials that systemd gave, if it
    /// gave any.
    ///
    /// - Throws: an error that names the file and the key.
    package init(at path: String, credentials: String? = nil) throws(ConfigurationError) {
        try self.init(of: ConfigurationFile.withDropIns(at: path), credentials: credentials)
    }

    /// Reads files in their order.
    ///
    /// A key of a later file stands in the place of an earlier one's, and so do its `[scorer]` and a `[[check]]` of the
    /// same id, each as a whole: what it replaces is neither checked nor read, since the files that it names need not be
    /// there.
    init(of files: [ConfigurationFile], credentials: String?) throws(ConfigurationError) {
        self = .empty
        var scorer: (table: ScorerTable, file: ConfigurationFile)?
        var tables: [(table: AgentCheckTable, file: ConfigurationFile)] = []
        for file in files {
            let table = try file.decode(Table.self)
            try apply(table, of: file)
            if let newer = table.scorer { scorer = (newer, file) }
            try Self.merge(table.check ?? [], of: file, into: &tables)
        }
        if let (table, file) = scorer {
            self.scorer = try table.scorer(of: file, credentials: credentials)
            self.files += [table.caFile?.text].compactMap(\.self)
        }
        for (table, file) in tables {
            checks.append(try table.check(of: file, credentials: credentials))
            self.files += (table.trusted + (table.intermediates ?? [])).map(\.text)
        }
    }

    private mutating func apply(_ table: Table, of file: ConfigurationFile) throws(ConfigurationError) {
        if let directory = table.stateDirectory?.text {
            (keyDirectory, stateDirectory) = (directory, directory)
        }
        interval = table.interval.map { Int(clamping: $0.seconds) } ?? interval
        guard (10...86_400).contains(interval) else { throw file.error("interval", "is 10s to 1d") }
        warpIDs = table.warpIDs ?? warpIDs
        guard warpIDs.count <= 8, warpIDs.allSatisfy({ (1...128).contains($0.utf8.count) }) else {
            throw file.error("warp_ids", "are at most 8, of 1 to 128 bytes each")
        }
    }

    private static func merge(
        _ newer: [AgentCheckTable],
        of file: ConfigurationFile,
        into tables: inout [(table: AgentCheckTable, file: ConfigurationFile)]
    ) throws(ConfigurationError) {
        var own: Set<String> = []
        for check in newer {
            guard own.insert(check.id).inserted else { throw file.error("check.id", "duplicate id '\(check.id)'") }
            if let index = tables.firstIndex(where: { $0.table.id == check.id }) {
                tables[index] = (check, file)
            } else {
                tables.append((check, file))
            }
        }
        guard tables.count <= 16 else { throw file.error("check", "there are more than 16") }
    }
}

/// A check of the agent, which has the trusted CAs in files.
private typealias AgentCheckTable = CheckTable<AbsolutePath>

extension AgentCheckTable {
    /// The check that the table describes, with the files that it names.
    fileprivate func check(
        of file: ConfigurationFile,
        credentials: String?
    ) throws(ConfigurationError) -> CertificateCheck {
        var requirements = try requirements(of: file)
        requirements.trusted = try certificates(in: trusted)
        // Read once to see that they can be, and then at every look.
        requirements.revocation.lists = []
        try checkOwnership(of: (trusted + (intermediates ?? []) + (crls ?? [])).map(\.text))
        return CertificateCheck(
            id: id,
            source: try source(of: file, credentials: credentials),
            nickname: nickname,
            requirements: requirements,
            crls: (crls ?? []).map(\.text)
        )
    }

    private func source(
        of file: ConfigurationFile,
        credentials: String?
    ) throws(ConfigurationError) -> CertificateSource {
        guard let certificateFile else {
            guard privateKeyFile == nil else {
                throw file.error("check.private_key_file", "says nothing without certificate_file")
            }
            var password: Credential?
            if let name = databasePasswordCredential {
                password = try Credential(name, of: file, "check.database_password_credential", directory: credentials)
            }
            return .database(path: database?.text ?? "/etc/pki/nssdb", password: password)
        }
        guard database == nil, databasePasswordCredential == nil, nickname == nil else {
            throw file.error("check.certificate_file", "stands in the place of a database: name one of them")
        }
        return .files(certificate: certificateFile.text, privateKey: (privateKeyFile ?? certificateFile).text)
    }
}

/// The file's form.
private struct Table: Decodable {
    var stateDirectory: AbsolutePath?
    var interval: TimeSpan?
    var warpIDs: [String]?
    var scorer: ScorerTable?
    var check: [AgentCheckTable]?

    private enum CodingKeys: String, CodingKey {
        case interval, scorer, check
        case stateDirectory = "state_directory"
        case warpIDs = "warp_ids"
    }
}
