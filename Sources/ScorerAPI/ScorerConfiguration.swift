public import Verification

/// The contents of `scorer.toml`, read and checked as a whole.
///
/// packaging/examples/scorer.toml documents every key.
public struct ScorerConfiguration: Sendable {
    /// The URL that agents have: the audience of their messages.
    public var url: String
    /// Whether the file has no URL: then it is that of the agents' listener, and no other machine can report.
    public var isForThisMachineOnly: Bool
    /// Where the database and the operator token are.
    public var stateDirectory: String
    /// The policy's file; nil for the standard policy.
    public var policyFile: String?
    /// The addresses of the two listeners.
    public var listen: Listen
    /// What Cloudflare's requests have to bring; nil if Cloudflare does not ask this scorer.
    public var access: Access?
    /// What each certificate check asks for, by its id.
    public var checks: [String: Check]

    /// What an operator should know of a configuration that can be used.
    public var warnings: [String] {
        var warnings: [String] = []
        if isForThisMachineOnly {
            warnings.append("no 'url' in the configuration: agents of this machine alone can report, to \(url)")
        }
        if checks.isEmpty { warnings.append("no [[check]] in the configuration: no certificate can earn points") }
        if let access {
            if case .accessToken(let requirements) = access.cloudflare, requirements.commonName == nil {
                warnings.append(
                    "no access.common_name in the configuration: any service token of the application may call"
                )
            }
        } else {
            warnings.append("no [access] in the configuration: Cloudflare's route is closed")
        }
        return warnings
    }

    /// A certificate check, as the file has it.
    public struct Check: Sendable {
        /// What is asked for; the trusted CAs are in the store, and CRLs are read again when their files change.
        public var requirements: CertificateRequirements
        /// The ids of the trusted CAs: UUIDs in lower case.
        public var trusted: [String]
        /// The files of CRLs.
        public var crls: [String]

        /// Creates a check.
        public init(requirements: CertificateRequirements, trusted: [String], crls: [String] = []) {
            self.requirements = requirements
            self.trusted = trusted
            self.crls = crls
        }
    }

    /// Two listeners, so that a firewall can tell them apart.
    public struct Listen: Sendable, Equatable {
        /// For agents and Cloudflare.
        public var agents: ListenAddress
        /// For operators.
        public var operators: ListenAddress
    }

    /// How Cloudflare, agents and operators show who they are; each role has applications of its own.
    public struct Access: Sendable, Equatable {
        /// What Cloudflare's questions have to bring.
        public var cloudflare: CloudflareAccess
        /// What agents' requests have to bring besides; nil where Access does not stand before agents.
        public var agents: AccessRequirements?
        /// What operators may bring in the place of the operator token; nil for that alone.
        public var operators: AccessRequirements?
        /// Where the keys are; nil if nobody brings a token of Access.
        public var keysURL: String?
        /// Whether `s2s_id` says in a word why a score is what it is.
        public var hasReasonCodes = false
    }

    /// How Cloudflare shows that it is Cloudflare.
    public enum CloudflareAccess: Sendable, Equatable {
        /// By a token that Access has issued: the scorer is behind Access.
        case accessToken(AccessRequirements)
        /// By the service token itself: it is not.
        case serviceToken(ServiceToken)
    }
}

/// A host and a port to listen at.
public struct ListenAddress: Sendable, Equatable, CustomStringConvertible {
    /// An IP address or a host name.
    public var host: String
    /// 0 for any free one.
    public var port: Int

    /// Reads `host:port`, with an IPv6 address in brackets.
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { return nil }
        self.host = String(host)
        self.port = Int(port)
    }

    /// The form that is read: `host:port`.
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
