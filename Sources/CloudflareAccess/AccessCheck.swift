package import CurlBridge
internal import OpenSSLBridge
package import PostureModel

/// A check of the set-up of Cloudflare Access, with a finding for each thing that it looks at.
package struct AccessCheck {
    private let access: AccessSettings
    private let http: HTTPClient
    /// The findings, in order.
    package private(set) var findings: [Finding] = []

    /// One line of the result.
    package struct Finding: Sendable, Equatable, CustomStringConvertible {
        /// Whether it is as it should be.
        package var isGood: Bool
        /// The thing that was checked, the result, and what to do if it is wrong.
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
            let answer = AccessAnswer(response)
            add(answer == .scorer, "\(url): \(answer)")
        } catch { add(false, "\(error): is the name in DNS, and does the tunnel or proxy run?") }
    }
}
