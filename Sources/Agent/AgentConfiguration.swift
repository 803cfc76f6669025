public import ConfigurationFile
public import Verification

/// The contents of `postured.toml`, read and checked as a whole.
///
/// packaging/examples/postured.toml documents every key.
public struct AgentConfiguration: Sendable {
    /// The scorer; nil where none is configured yet, and the machine can only be looked at.
    public var scorer: Scorer?
    /// Where the device's key is kept.
    public var stateDirectory: String
    /// Seconds between reports, where the scorer asks for nothing else.
    public var interval: Int
    /// The ids of the machine's WARP client.
    public var warpIDs: [String]
    /// The certificate checks, in the file's order.
    public var checks: [Check]

    /// The scorer to report to.
    public struct Scorer: Sendable, Equatable {
        /// Its URL, without a slash at its end.
        public var url: String
        /// A PEM file of CAs to trust instead of the system's.
        public var caFile: String?
        /// The file of the token that lets the device register.
        public var enrolmentTokenFile: String?
    }

    /// One certificate to look for.
    public struct Check: Sendable {
        /// The id, the same as in the scorer's configuration.
        public var id: String
        /// The directory of the NSS database.
        public var database: String
        /// What the certificate has to be.
        public var requirements: CertificateRequirements
    }

    /// What there is without a file: the facts, and nothing else.
    public static let empty = AgentConfiguration(
        scorer: nil,
        stateDirectory: "/var/lib/postured",
        interval: 300,
        warpIDs: [],
        checks: []
    )
}

extension AgentConfiguration {
    /// Reads `postured.toml`.
    ///
    /// - Throws: an error that names the file and the key.
    public init(at path: String) throws(ConfigurationError) {
        let file = try ConfigurationFile(at: path)
        let table = try file.decode(Table.self)
        self = .empty
        if let scorer = table.scorer {
            // libcurl would say it later, and at every report.
            if let caFile = scorer.caFile { _ = try CheckTable.certificates(in: [caFile]) }
            self.scorer = Scorer(
                url: try file.url(scorer.url, "scorer.url"),
                caFile: scorer.caFile,
                enrolmentTokenFile: scorer.enrolmentTokenFile
            )
        }
        stateDirectory = table.stateDirectory ?? stateDirectory
        interval = table.interval ?? interval
        guard (10...86_400).contains(interval) else { throw file.error("interval", "is 10 to 86400 seconds") }
        warpIDs = table.warpIDs ?? []
        guard warpIDs.count <= 8, warpIDs.allSatisfy({ (1...128).contains($0.utf8.count) }) else {
            throw file.error("warp_ids", "are at most 8, of 1 to 128 bytes each")
        }
        for entry in table.check ?? [] {
            let check = Check(
                id: entry.id,
                database: entry.database ?? "/etc/pki/nssdb",
                requirements: try entry.requirements(of: file)
            )
            guard !checks.contains(where: { $0.id == check.id }) else {
                throw file.error("check.id", "'\(check.id)' stands twice")
            }
            checks.append(check)
        }
        guard checks.count <= 16 else { throw file.error("check", "there are more than 16") }
    }
}

/// The file's form.
private struct Table: Decodable {
    var stateDirectory: String?
    var interval: Int?
    var warpIDs: [String]?
    var scorer: Scorer?
    var check: [CheckTable]?

    private enum CodingKeys: String, CodingKey {
        case interval, scorer, check
        case stateDirectory = "state_directory"
        case warpIDs = "warp_ids"
    }

    struct Scorer: Decodable {
        var url: String
        var caFile: String?
        var enrolmentTokenFile: String?

        private enum CodingKeys: String, CodingKey {
            case url
            case caFile = "ca_file"
            case enrolmentTokenFile = "enrolment_token_file"
        }
    }
}
