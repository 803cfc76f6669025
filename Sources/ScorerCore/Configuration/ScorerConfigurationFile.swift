internal import CloudflareAccess
package import ConfigurationFile
internal import PostureModel
internal import Scoring

extension ScorerConfiguration {
    /// Reads `scorer.toml`.
    ///
    /// - Throws: an error that names the file and the key.
    package init(at path: String) throws(ConfigurationError) {
        let file = try ConfigurationFile(at: path)
        let table = try file.decode(Table.self)
        stateDirectory = table.stateDirectory?.text ?? Self.standardDirectory
        policyFile = table.policy?.text
        listen = Listen(
            agents: try Self.address(table.listen?.agents ?? "127.0.0.1:8080", "listen.agents", file),
            operators: try Self.address(table.listen?.operators ?? "127.0.0.1:8081", "listen.operators", file)
        )
        url = try Self.url(table, listen.agents, file)
        isForThisMachineOnly = table.url == nil
        access = try table.access.map { access throws(ConfigurationError) in try AccessSettings(access, file) }
        if let interval = table.pollingInterval?.seconds {
            guard (60...86_400).contains(interval) else { throw file.error("polling_interval", "is 1m to 1d") }
            pollingInterval = interval
        }
        checks = [:]
        for check in table.check ?? [] {
            guard checks.updateValue(try Self.check(check, file), forKey: check.id) == nil else {
                throw file.error("check.id", "duplicate id '\(check.id)'")
            }
        }
    }

    /// The state directory that `scorer.toml` names, whatever else it says: a CA can be added before a check names it.
    ///
    /// - Throws: an error that names the file and the key.
    package static func stateDirectory(at path: String) throws(ConfigurationError) -> String {
        let table = try ConfigurationFile(at: path).decode(Table.self)
        return table.stateDirectory?.text ?? standardDirectory
    }

    private static let standardDirectory = "/var/lib/posture-scorer"

    /// The policy that the configuration names, or the standard one.
    package func policy() throws(ConfigurationError) -> PolicyFile {
        guard let policyFile else { return .standard }
        return try PolicyFile(at: policyFile)
    }

    /// The seconds after which the policy gives a report no points.
    package func staleAfter() throws(ConfigurationError) -> Int64 { try policy().policy.freshness.staleAfter }

    /// Left out, it is that of the agents' listener, if that is for this machine only: so a scorer whose configuration
    /// nobody has touched runs, is open to nobody else, and says what to do.
    private static func url(_ table: Table, _ agents: ListenAddress, _ file: ConfigurationFile)
        throws(ConfigurationError) -> String
    {
        if let text = table.url { return try file.url(text, "url", allowsPlain: table.allowPlainHTTP == true) }
        let url = "http://\(agents)"
        guard isLoopback(url: url), agents.port != 0 else {
            throw file.error(
                "url",
                "is missing: the URL that agents have for this scorer, \"https://posture.example.com\" say"
            )
        }
        return url
    }

    private static func check(_ table: CheckTable<String>, _ file: ConfigurationFile) throws(ConfigurationError)
        -> Check
    {
        let agentKeys = [
            ("database", table.database?.text), ("database_password_credential", table.databasePasswordCredential),
            ("nickname", table.nickname), ("certificate_file", table.certificateFile?.text),
            ("private_key_file", table.privateKeyFile?.text),
        ]
        if let (key, _) = agentKeys.first(where: { $0.1 != nil }) {
            throw file.error("check.\(key)", "belongs in postured.toml")
        }
        var trusted: [String] = []
        for text in table.trusted {
            guard let id = TrustedCAs.id(text) else {
                throw file.error(
                    "check.trusted",
                    "'\(text.printable(limit: 200))' is not the id of a trusted CA: run 'posture-scorer ca add NAME FILE' and write "
                        + "the id that it prints"
                )
            }
            if !trusted.contains(id) { trusted.append(id) }
        }
        let requirements = try table.requirements(of: file)
        let crls = (table.crls ?? []).map(\.text)
        try checkOwnership(of: (table.intermediates ?? []).map(\.text) + crls)
        return Check(requirements: requirements, trusted: trusted, crls: crls)
    }

    private static func address(_ text: String, _ key: String, _ file: ConfigurationFile) throws(ConfigurationError)
        -> ListenAddress
    {
        guard let address = ListenAddress(text) else { throw file.error(key, "'\(text)' is not host:port") }
        return address
    }
}

/// The file's form.
private struct Table: Decodable {
    var url: String?
    var allowPlainHTTP: Bool?
    var stateDirectory: AbsolutePath?
    var policy: AbsolutePath?
    var listen: Listen?
    var access: AccessTable?
    var check: [CheckTable<String>]?
    var pollingInterval: TimeSpan?

    private enum CodingKeys: String, CodingKey {
        case url, policy, listen, access, check
        case allowPlainHTTP = "allow_plain_http"
        case stateDirectory = "state_directory"
        case pollingInterval = "polling_interval"
    }

    struct Listen: Decodable {
        var agents: String?
        var operators: String?
    }
}
