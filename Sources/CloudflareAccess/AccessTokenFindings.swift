internal import OpenSSLBridge
package import PostureModel

extension AccessToken {
    func isSigned(by key: PublicKey) -> Bool { key.verifies(signature, over: signingInput, algorithm: .rs256) }

    /// Returns a finding for each claim; `others` are audiences of other roles.
    package func findings(
        _ requirements: AccessRequirements,
        _ others: [String: String],
        at now: Timestamp
    ) -> [AccessCheck.Finding] {
        func finding(_ isGood: Bool, _ name: String, _ good: String, _ wrong: String) -> AccessCheck.Finding {
            .init(isGood: isGood, text: "\(name): \(isGood ? good : wrong)")
        }
        let issuer = claims.iss.printable(limit: 200)
        let audience = claims.aud.values.map { $0.printable(limit: 80) }.joined(separator: ", ")
        let other = claims.aud.values.compactMap { others[$0] }.first
        let (name, seconds) = (claims.commonName ?? "", Double(now.seconds))
        let isPerson = !claims.sub.isEmpty || claims.email != nil
        return [
            finding(
                claims.type == "app",
                "type",
                "app",
                "'\(claims.type.printable(limit: 40))': a session's token, not an application's; take it from a request to the scorer"
            ),
            finding(
                claims.iss == requirements.issuer,
                "team domain",
                issuer,
                "\(issuer): write that as access.team_domain, or use that team"
            ),
            finding(
                claims.aud.values.contains(where: requirements.audiences.contains),
                "audience",
                audience,
                "\(audience) is of another application\(other.map { ": that of access.\($0)" } ?? ""): copy the AUD tag of the application before "
                    + "Cloudflare's route to access.audience"
            ),
            finding(
                claims.exp > seconds - 60,
                "expiry",
                "not expired",
                "it has expired: take a new one; and look at this machine's clock"
            ),
            finding(
                max(claims.iat, claims.nbf ?? claims.iat) < seconds + 60,
                "issued",
                "not in the future",
                "in the future: look at this machine's clock"
            ),
            finding(
                !isPerson,
                "caller",
                "a service token",
                "a person: the policy's action is Allow; set it to Service Auth, for the service token alone"
            ),
            finding(
                isPerson || requirements.commonName ?? name == name && !name.isEmpty,
                "service token",
                isPerson ? "not looked at" : name.printable(limit: 80),
                "\(name.printable(limit: 80)): access.common_name is another client id"
            ),
        ]
    }
}
