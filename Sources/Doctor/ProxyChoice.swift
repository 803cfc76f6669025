internal import PostureModel

/// Which proxy libcurl takes for a URL: the configuration's, or that of the environment's variables (libcurl-env(3)).
struct ProxyChoice: Equatable {
    /// The variable that names it; nil for the configuration.
    var variable: String?
    /// The proxy, without a password.
    var proxy: String

    /// The choice for a host; nil where the connection is a direct one.
    ///
    /// `http_proxy` counts in lower case only: the other one may be a header of a request to a CGI program.
    init?(isTLS: Bool, host: String, configured: String?, environment: [String: String]) {
        guard !Self.isExempt(host, by: environment["no_proxy"] ?? environment["NO_PROXY"] ?? "") else { return nil }
        if let configured {
            guard !configured.isEmpty else { return nil }
            proxy = configured.withoutUserInfo
            return
        }
        let own = isTLS ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"]
        guard let variable = (own + ["all_proxy", "ALL_PROXY"]).first(where: { environment[$0]?.isEmpty == false }),
            let value = environment[variable]
        else { return nil }
        self.variable = variable
        proxy = value.withoutUserInfo
    }

    /// Whether `no_proxy` names the host, or a domain that it is in, or everything.
    private static func isExempt(_ host: String, by list: String) -> Bool {
        let name = host.asciiLowercased
        return list.split { $0 == "," || $0 == " " }.contains { entry in
            if entry == "*" { return true }
            let domain = String(entry.drop { $0 == "." }).asciiLowercased
            guard !domain.isEmpty, name.count >= domain.count, Array(name.suffix(domain.count)) == domain else {
                return false
            }
            return name.count == domain.count || name[name.count - domain.count - 1] == UInt8(ascii: ".")
        }
    }
}

extension String {
    /// The text of a URL without the name and the password in it.
    var withoutUserInfo: String {
        let start = firstRange(of: "://")?.upperBound ?? startIndex
        let end = self[start...].firstIndex { "/?#".contains($0) } ?? endIndex
        guard let at = self[start..<end].lastIndex(of: "@") else { return self }
        return String(self[..<start] + self[index(after: at)...])
    }

    /// The name and the password of a URL, together and apart; none where there are none.
    var userInfo: [String] {
        guard let end = lastIndex(of: "@") else { return [] }
        let start = firstRange(of: "://")?.upperBound ?? startIndex
        guard start < end else { return [] }
        return ["\(self[start..<end])"] + self[start..<end].split(separator: ":").map(String.init)
    }

    /// The host of a URL, without the brackets of an IPv6 address.
    var urlHost: String {
        let rest = withoutUserInfo
        let start = rest.firstRange(of: "://")?.upperBound ?? rest.startIndex
        let authority = rest[start...].prefix { !"/?#".contains($0) }
        if authority.hasPrefix("[") { return String(authority.dropFirst().prefix { $0 != "]" }) }
        return String(authority.prefix { $0 != ":" })
    }

    private func firstRange(of needle: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(needle) { return start..<index(start, offsetBy: needle.count) }
            start = index(after: start)
        }
        return nil
    }
}
