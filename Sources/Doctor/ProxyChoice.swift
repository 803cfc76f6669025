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
    /// The text of a proxy or a URL without what stands before its last `@`, but for the scheme.
    ///
    /// Whoever writes a password into one does not always escape it, nor write a scheme: this is for showing it only.
    var withoutUserInfo: String {
        guard let at = lastIndex(of: "@") else { return self }
        return String(self[..<schemeEnd] + self[index(after: at)...])
    }

    /// The name and the password of a proxy or a URL together, the password, and the parts that it has for those who
    /// take it for something else; none where there are none.
    var userInfo: [String] {
        guard let at = lastIndex(of: "@"), schemeEnd < at else { return [] }
        let whole = self[schemeEnd..<at]
        guard let colon = whole.firstIndex(of: ":") else { return [String(whole)] }
        let password = whole[whole.index(after: colon)...]
        return [whole, password].map(String.init) + password.split { ":/?#@".contains($0) }.map(String.init)
    }

    /// The host of a URL, without the brackets of an IPv6 address.
    var urlHost: String {
        var authority = self[schemeEnd...].prefix { !"/?#".contains($0) }
        if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
        if authority.hasPrefix("[") { return String(authority.dropFirst().prefix { $0 != "]" }) }
        return String(authority.prefix { $0 != ":" })
    }

    /// Where `scheme://` ends (RFC 3986 §3.1); the start where there is none.
    private var schemeEnd: Index {
        let scheme = prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
        return !scheme.isEmpty && self[scheme.endIndex...].hasPrefix("://")
            ? index(scheme.endIndex, offsetBy: 3) : startIndex
    }
}
