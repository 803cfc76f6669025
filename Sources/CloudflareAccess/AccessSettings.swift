/// How Cloudflare, agents and operators show who they are; each role has applications of its own.
package struct AccessSettings: Sendable, Equatable {
    /// What Cloudflare's questions have to bring.
    package var cloudflare: CloudflareCredential
    /// What agents' requests have to bring besides; nil where Access does not stand before agents.
    package var agents: AccessRequirements?
    /// What operators may bring in the place of the operator token; nil for that alone.
    package var operators: AccessRequirements?
    /// Where the keys are; nil if nobody brings a token of Access.
    package var keysURL: String?
    /// Whether `s2s_id` says in a word why a score is what it is.
    package var hasReasonCodes = false

    /// Creates settings.
    package init(
        cloudflare: CloudflareCredential,
        agents: AccessRequirements? = nil,
        operators: AccessRequirements? = nil,
        keysURL: String?,
        hasReasonCodes: Bool = false
    ) {
        self.cloudflare = cloudflare
        self.agents = agents
        self.operators = operators
        self.keysURL = keysURL
        self.hasReasonCodes = hasReasonCodes
    }
}

/// How Cloudflare shows that it is Cloudflare.
package enum CloudflareCredential: Sendable, Equatable {
    /// By a token that Access has issued: the scorer is behind Access.
    case accessToken(AccessRequirements)
    /// By the service token itself: it is not.
    case serviceToken(ServiceToken)
}
