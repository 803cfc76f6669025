internal import Agent
internal import Reporting

/// The way that libcurl takes to the scorer, and who named the proxy on it.
struct ProxyChoice: Equatable {
    let route: ScorerProbe.Route
    private let host: String
    /// The configured proxy, without a password; nil where the environment's counts.
    private let configured: String?
    /// The variables of this process's environment that libcurl may have taken a proxy from, and the proxies, without
    /// passwords.
    private let named: [(variable: String, proxy: String)]

    /// Whether a proxy is used, or may be.
    var isPossible: Bool { route != .direct }

    /// What `route` is for a URL; `configured` and `environment` only say who named it.
    init(_ route: ScorerProbe.Route, to url: String, configured: String?, environment: [String: String]) {
        (self.route, host, self.configured) = (route, url.urlHost, configured?.withoutUserInfo)
        let scheme = url.hasPrefix("https:") ? "https_proxy" : "http_proxy"
        named = environment.filter { [scheme, "all_proxy"].contains($0.key.lowercased()) && !$0.value.isEmpty }
            .map { ($0.key, $0.value.withoutUserInfo) }.sorted { $0.variable < $1.variable }
    }

    static func == (left: ProxyChoice, right: ProxyChoice) -> Bool {
        left.sentence == right.sentence && left.route == right.route
    }

    /// What to call the proxy; nil where there is none, or it is not known.
    var proxy: String? {
        guard case .proxy(let address) = route else { return nil }
        if let configured { return configured }
        let proxies = Set(named.map(\.proxy))
        return proxies.count == 1 ? proxies.first : address ?? "of one of \(variables)"
    }

    /// What libcurl does, and why.
    var sentence: String {
        switch route {
        case .direct:
            guard let configured, !configured.isEmpty else { return "none is named for \(host)" }
            return
                "none is named for \(host): no_proxy of this environment keeps it from \(configured), which is configured"
        case .proxy:
            let proxy = proxy ?? ""
            guard configured == nil else { return "\(proxy), as configured" }
            return "\(proxy), from this environment's \(variables); the service has an environment of its own"
        case .unknown(let reason): return "libcurl does not say whether it takes a proxy for \(host): \(reason)"
        }
    }

    private var variables: String {
        named.isEmpty ? "variables" : named.map(\.variable).joined(separator: ", ")
    }
}
