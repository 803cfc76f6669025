package import CloudflareAccess
internal import Verification

/// The contents of `scorer.toml`, read and checked as a whole.
///
/// packaging/examples/scorer.toml documents every key.
package struct ScorerConfiguration: Sendable {
    /// The URL that agents have: the audience of their messages.
    package var url: String
    /// Whether the file has no URL: then it is that of the agents' listener, and no other machine can report.
    package var isForThisMachineOnly: Bool
    /// Where the database and the operator token are.
    package var stateDirectory: String
    /// The policy's file; nil for the standard policy.
    package var policyFile: String?
    /// The addresses of the two listeners.
    package var listen: Listen
    /// What Cloudflare's requests have to bring; nil if Cloudflare does not ask this scorer.
    package var access: AccessSettings?
    /// What each certificate check asks for, by its id.
    package var checks: [String: Check]
    /// Seconds from one posture query of Cloudflare's to the next.
    package var pollingInterval = standardPollingInterval

    /// An hour: Cloudflare's own interval where nothing else is configured there.
    package static let standardPollingInterval: Int64 = 3600

    /// What an operator should know of a configuration that can be used.
    package var warnings: [String] {
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
    package struct Check: Sendable {
        /// What is asked for; the trusted CAs are in the store, and CRLs are read again when their files change.
        var requirements: CertificateRequirements
        /// The ids of the trusted CAs: UUIDs in lower case.
        package var trusted: [String]
        /// The files of CRLs.
        var crls: [String] = []
    }

    /// Two listeners, so that a firewall can tell them apart.
    package struct Listen: Sendable, Equatable {
        /// For agents and Cloudflare.
        package var agents: ListenAddress
        /// For operators.
        package var operators: ListenAddress
    }
}

/// A host and a port to listen at.
package struct ListenAddress: Sendable, Equatable, CustomStringConvertible {
    /// An IP address or a host name.
    package var host: String
    /// 0 for any free one.
    package var port: Int

    /// Reads `host:port`, with an IPv6 address in brackets.
    package init?(_ text: String) {
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
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
