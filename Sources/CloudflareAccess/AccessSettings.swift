/// The credentials of Cloudflare, agents and operators; each role has Access applications of its own.
package struct AccessSettings: Sendable, Equatable {
    /// The credential that Cloudflare's posture queries have to present.
    package var cloudflare: CloudflareCredential
    /// The requirements for agents' Access tokens; nil if Access does not protect their routes.
    package var agents: AccessRequirements?
    /// The requirements for operators' Access tokens; nil if only the operator token counts.
    package var operators: AccessRequirements?
    /// The URL of the key set; nil if no role uses Access tokens.
    package var keysURL: String?
    /// Whether `s2s_id` has the reason code of a score.
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

/// The credential by which Cloudflare authenticates.
package enum CloudflareCredential: Sendable, Equatable {
    /// By a token that Access has issued: the scorer is behind Access.
    case accessToken(AccessRequirements)
    /// By the service token itself: it is not.
    case serviceToken(ServiceToken)
}
