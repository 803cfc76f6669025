internal import CloudflareAccess
internal import Hummingbird
internal import Logging
internal import PostureModel

/// The credentials that each role has to present, by the configuration.
struct AccessPolicies: Sendable {
    let cloudflare: AccessMiddleware
    /// Before the agents' routes; nil where Access does not stand before them.
    let agents: AccessMiddleware?
    /// Verifies the Access tokens of operators; nil if only the operator token counts.
    let operators: AccessVerifier?

    init(_ access: AccessSettings, logger: Logger, now: @escaping @Sendable () -> Timestamp) {
        // Fetched once for all roles: they are of one team.
        let keys = AccessKeys(url: access.keysURL ?? "", logger: logger)
        func verifier(_ requirements: AccessRequirements) -> AccessVerifier {
            AccessVerifier(requirements: requirements, keys: keys, now: now)
        }
        switch access.cloudflare {
        case .accessToken(let requirements):
            cloudflare = AccessMiddleware(verifier(requirements), role: "Cloudflare", logger: logger, now: now)
        case .serviceToken(let token):
            cloudflare = AccessMiddleware(role: "Cloudflare", logger: logger, now: now) {
                request throws(AccessToken.Refusal) in
                try token.identity(of: request)
            }
        }
        agents = access.agents.map { AccessMiddleware(verifier($0), role: "agents", logger: logger, now: now) }
        operators = access.operators.map(verifier)
    }
}
