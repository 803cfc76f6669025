package import CurlBridge
package import OpenSSLBridge
package import PostureModel

/// What `posture-scorer check-access` finds out: whether the set-up of Cloudflare Access holds, in words for whoever
/// made it.
package struct AccessCheck {
    private let access: AccessSettings
    private let http: HTTPClient
    /// What was found, in order.
    package private(set) var findings: [Finding] = []

    /// One line of the result.
    package struct Finding: Sendable, Equatable, CustomStringConvertible {
        /// Whether it is as it should be.
        package var isGood: Bool
        /// What was looked at and what came of it; what to do where that is wrong.
        package var text: String
        /// The line as it is printed.
        package var description: String { "\(isGood ? "ok   " : "WRONG") \(text)" }
    }

    /// Creates a check of a configuration's `[access]`.
    package init(_ access: AccessSettings, http: HTTPClient = HTTPClient(options: .init(timeout: 20))) {
        self.access = access
        self.http = http
    }

    private mutating func add(_ isGood: Bool, _ text: String) { findings.append(Finding(isGood: isGood, text: text)) }

    /// Fetches the keys of the team domain.
    package mutating func checkKeys() async {
        guard let url = access.keysURL else {
            return add(true, "keys: none are needed, the scorer takes the service token itself")
        }
        _ = await keys(url)
    }

    private mutating func keys(_ url: String) async -> [String: PublicKey] {
        do {
            let response = try await http.send(HTTPRequest(.get, url))
            guard response.status == 200 else {
                add(false, "keys: \(url) answered \(response.status): is access.team_domain your team's?")
                return [:]
            }
            let set = try AccessKeySet(parsing: response.body)
            let keys = set.keys
            if !set.sharedIDs.isEmpty {
                let ids = set.sharedIDs.map { $0.printable(limit: 80) }.joined(separator: ", ")
                add(false, "keys: several have one id, and none of those is used: \(ids)")
            }
            if keys.isEmpty {
                add(false, "keys: \(url) has no RS256 key: is access.team_domain your team's?")
            } else {
                let ids = keys.keys.sorted().map { $0.printable(limit: 80) }.joined(separator: ", ")
                add(true, "keys: \(keys.count) from \(url): \(ids)")
            }
            return keys
        } catch let error as HTTPError {
            add(false, "keys: \(error): the scorer needs the way to it, or https_proxy in its environment")
        } catch {
            add(false, "keys: \(url): what is there \(error): is access.team_domain your team's?")
        }
        return [:]
    }

    /// Looks at a token, requirement by requirement, as Cloudflare's route does.
    package mutating func check(token text: String, at now: Timestamp) async {
        guard case .accessToken(let requirements) = access.cloudflare, let url = access.keysURL else {
            return add(false, "token: access.mode is service-token-headers: no token of Access is taken")
        }
        let keys = await keys(url)
        let token: AccessToken
        do throws(AccessToken.Refusal) { token = try AccessToken(parsing: text) } catch {
            let advice = "copy the value of Cf-Access-Jwt-Assertion, three parts with dots between, RS256"
            return add(false, "token: \(error): \(advice)")
        }
        var isSigned = false
        if let key = keys[token.keyID] {
            isSigned = token.isSigned(by: key)
            let wrong = "the signature does not verify: the token was changed on its way"
            add(isSigned, "signature: \(isSigned ? "by the key \(token.keyID.printable(limit: 80))" : wrong)")
        } else {
            add(
                false,
                "signature: the key \(token.keyID.printable(limit: 80)) is not among them: a token of another team, or very old"
            )
        }
        for finding in token.findings(requirements, others(than: requirements), at: now) { findings.append(finding) }
        if isSigned, let key = keys[token.keyID] {
            do throws(AccessToken.Refusal) {
                let grant = try token.verify(key: key, requirements, at: now)
                add(true, "token: the scorer takes it, as \(grant.identity)")
            } catch { add(false, "token: the scorer refuses it: \(error)") }
        }
    }

    /// The audiences of the other roles, by the names of their keys.
    private func others(than requirements: AccessRequirements) -> [String: String] {
        let roles = [("agents_audience", access.agents), ("operators_audience", access.operators)]
        return Dictionary(
            roles.flatMap { key, role in (role?.audiences ?? []).map { ($0, key) } },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// Asks as Cloudflare does: through Access, with the service token, about no device.
    package mutating func check(through url: String, clientID: String, secret: String) async {
        let headers = [
            (name: "CF-Access-Client-Id", value: clientID), ("CF-Access-Client-Secret", secret),
            ("Content-Type", "application/json"),
        ]
        do {
            let body = Array(#"{"devices":[]}"#.utf8)
            let response = try await http.send(HTTPRequest(.post, url, headers: headers, body: body))
            let (isGood, text) = Self.meaning(of: response)
            add(isGood, "\(url): \(text)")
        } catch { add(false, "\(error): is the name in DNS, and does the tunnel or proxy run?") }
    }

    /// What an answer to such a question means.
    package static func meaning(of response: HTTPResponse) -> (isGood: Bool, text: String) {
        let isProblem = response.headers["content-type"]?.hasPrefix("application/problem+json") == true
        switch response.status {
        case 200:
            struct Answer: Decodable { var result: [String: Entry] }
            struct Entry: Decodable { var score: Int }
            if (try? Wire.decode(Answer.self, from: response.body)) != nil {
                return (true, "200: the scorer has answered; 'Test and save' will pass")
            }
            return (
                false, "200, but not from the scorer: what stands at this address? The path is /v1/cloudflare/posture"
            )
        case 300..<400:
            let isLogin = response.headers["location"]?.contains("/cdn-cgi/access/login") == true
            return isLogin
                ? (
                    false,
                    "\(response.status) to the login page of Access: set the policy's action to Service Auth, not Allow"
                )
                : (false, "\(response.status) to elsewhere: Cloudflare does not follow that; give the address itself")
        case 401 where !isProblem:
            return (
                false, "401 from Access: the service token is expired, revoked or misspelt: look at Service credentials"
            )
        case 403 where isProblem:
            let advice = "access.audience, access.common_name and access.team_domain"
            return (
                false, "403 from the scorer: it does not take what Access sent; compare \(advice), and read its journal"
            )
        case 403:
            return (
                false,
                "403 from Access: the application's policy does not include this service token, or it has expired"
            )
        case 404 where isProblem:
            return (false, "404 from the scorer: the path is /v1/cloudflare/posture, and [access] has to be configured")
        case 502, 503, 504, 520...530:
            return (
                false,
                "\(response.status)\(isProblem ? " from the scorer: read its journal" : ": the scorer does not answer behind Cloudflare")"
            )
        default:
            return (false, "\(response.status): neither Access nor the scorer answers so; what stands at this address?")
        }
    }
}

extension AccessToken {
    package func isSigned(by key: PublicKey) -> Bool { key.verifies(signature, over: signingInput, algorithm: .rs256) }

    /// What each claim is worth, in words; `others` are audiences of other roles.
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
