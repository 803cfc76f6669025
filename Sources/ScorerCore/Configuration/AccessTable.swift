package import CloudflareAccess
package import ConfigurationFile
internal import OpenSSLBridge
internal import PostureModel

extension AccessSettings {
    package init(_ table: AccessTable, _ file: ConfigurationFile) throws(ConfigurationError) {
        let issuer: String? =
            if let domain = table.teamDomain { try file.url(domain, "access.team_domain") } else { nil }
        func requirements(
            _ audience: Audience?,
            _ key: String,
            commonName: String? = nil,
            allowsPeople: Bool = false
        ) throws(ConfigurationError) -> AccessRequirements? {
            guard let audience else { return nil }
            guard (1...16).contains(audience.values.count), !audience.values.contains("") else {
                throw file.error(key, "is empty: take the application's AUD tag")
            }
            guard let issuer else { throw file.error("access", "'access.team_domain' is missing") }
            return AccessRequirements(
                issuer: issuer,
                audiences: audience.values,
                commonName: commonName,
                allowsPeople: allowsPeople
            )
        }
        let asked = try requirements(table.audience, "access.audience", commonName: table.commonName)
        let agents = try requirements(table.agentsAudience, "access.agents_audience")
        let operators = try requirements(table.operatorsAudience, "access.operators_audience", allowsPeople: true)
        let roles = [("audience", asked), ("agents_audience", agents), ("operators_audience", operators)]
        let cloudflare = try Self.cloudflare(table, asked, file)
        try Self.check(roles.map { ($0.0, $0.1?.audiences ?? []) }, file)
        let keysURL = table.keysURL ?? issuer.map { "\($0)/cdn-cgi/access/certs" }
        self.init(
            cloudflare: cloudflare,
            agents: agents,
            operators: operators,
            keysURL: try keysURL.map { url throws(ConfigurationError) in try file.url(url, "access.keys_url") },
            hasReasonCodes: table.reasonCodes ?? false
        )
    }

    private static func cloudflare(
        _ table: AccessTable,
        _ asked: AccessRequirements?,
        _ file: ConfigurationFile
    ) throws(ConfigurationError) -> CloudflareCredential {
        switch table.mode ?? "access-token" {
        case "access-token":
            guard table.secretHash == nil else {
                throw file.error("access.client_secret_sha256", "says nothing without mode = \"service-token-headers\"")
            }
            guard table.teamDomain != nil else { throw file.error("access", "'access.team_domain' is missing") }
            guard let asked else { throw file.error("access", "'access.audience' is missing") }
            return .accessToken(asked)
        case "service-token-headers":
            guard asked == nil else {
                throw file.error("access.audience", "says nothing with mode = \"service-token-headers\"")
            }
            guard let id = table.commonName, !id.isEmpty else {
                throw file.error("access.common_name", "is missing: the client id of the service token")
            }
            guard let hash = table.secretHash.flatMap(Hexadecimal.decode), hash.count == 32,
                hash != Digest.sha256([])
            else {
                throw file.error(
                    "access.client_secret_sha256",
                    "is the SHA-256 of nothing, or is not a SHA-256 in hexadecimal: read -rs S; printf %s \"$S\" | sha256sum"
                )
            }
            return .serviceToken(ServiceToken(clientID: id, secretHash: hash))
        case let mode:
            throw file.error(
                "access.mode",
                "'\(mode.printable(limit: 64))' is neither access-token nor service-token-headers"
            )
        }
    }

    /// A token of one role must not open another's door.
    private static func check(_ roles: [(key: String, audiences: [String])], _ file: ConfigurationFile)
        throws(ConfigurationError)
    {
        var seen: [String: String] = [:]
        for (key, audiences) in roles {
            for audience in Set(audiences.map({ $0.lowercased() })) {
                if let other = seen.updateValue(key, forKey: audience) {
                    throw file.error(
                        "access.\(key)",
                        "has an audience of access.\(other): who may do the one could do the other; make an Access application "
                            + "for each"
                    )
                }
            }
        }
    }
}

/// The table [access] of the file.
package struct AccessTable: Decodable {
    package var mode: String?
    var teamDomain: String?
    package var audience: Audience?
    var commonName: String?
    var secretHash: String?
    var agentsAudience: Audience?
    var operatorsAudience: Audience?
    var keysURL: String?
    var reasonCodes: Bool?

    private enum CodingKeys: String, CodingKey {
        case mode, audience
        case teamDomain = "team_domain"
        case commonName = "common_name"
        case secretHash = "client_secret_sha256"
        case agentsAudience = "agents_audience"
        case operatorsAudience = "operators_audience"
        case keysURL = "keys_url"
        case reasonCodes = "reason_codes"
    }
}
