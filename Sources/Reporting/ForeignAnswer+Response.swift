internal import CurlBridge
internal import PostureModel

extension ForeignAnswer {
    /// The headers that a diagnosis needs.
    static let headers: Set<String> = [
        "content-type", "content-encoding", "location", "server", "cf-ray", "cf-mitigated", "cf-access-domain",
        "cf-access-aud", "www-authenticate", "proxy-status", "x-squid-error",
    ]

    /// Diagnoses a response that is not a scorer's, to a request for `url`; `isTokenSent` is whether a service token went
    /// along.
    init(_ response: HTTPResponse, to url: String, isTokenSent: Bool) {
        let isCloudflares =
            response.headers["cf-ray"] != nil
            || response.headers["server"]?.lowercased().hasPrefix("cloudflare") == true
        let host = HostAndPath(url)
        self =
            Self.atCloudflare(response, host.rule, isTokenSent: isTokenSent, isCloudflares: isCloudflares)
            ?? Self.onTheWay(response, host.name)
            ?? Self.byStatus(response, host.rule, isCloudflares: isCloudflares)
    }

    /// What only Cloudflare sends.
    private static func atCloudflare(
        _ response: HTTPResponse,
        _ rule: String,
        isTokenSent: Bool,
        isCloudflares: Bool
    ) -> ForeignAnswer? {
        let (status, headers) = (response.status, response.headers)
        if headers["cf-mitigated"]?.lowercased() == "challenge" { return .cloudflareChallenge(rule: rule) }
        if (300..<400).contains(status), headers["location"].map(isAccess) == true {
            return .accessLogin(isTokenSent: isTokenSent)
        }
        let hasAccessHeader =
            headers["cf-access-domain"] != nil || headers["cf-access-aud"] != nil
            || headers["www-authenticate"]?.lowercased().contains("cloudflare-access") == true
        switch status {
        case 200 where hasAccessHeader: return .accessLogin(isTokenSent: isTokenSent)
        case 401 where hasAccessHeader, 403 where hasAccessHeader: return .accessRefusal(isTokenSent: isTokenSent)
        case 530:
            let code = errorCode(in: response)
            return code == 1033 ? .tunnelDown : code == 1016 ? .cloudflareDNS : .cloudflareError(code: code)
        case 520...527: return .cloudflareOrigin(status: status)
        case 502 where isCloudflares, 504 where isCloudflares: return .cloudflareOrigin(status: status)
        default: return nil
        }
    }

    /// What a network or a proxy does.
    private static func onTheWay(_ response: HTTPResponse, _ host: String) -> ForeignAnswer? {
        let (status, headers) = (response.status, response.headers)
        if status == 407 { return .proxyCredentials }
        if status == 511 { return .networkLogin }
        if status >= 400, headers["x-squid-error"] != nil || headers["proxy-status"] != nil { return .proxyRefusal }
        if (300..<400).contains(status) {
            guard let location = headers["location"], !location.isEmpty else { return .redirection(nil) }
            // Without its query: that of a login page has tokens in it.
            let place = String(location.prefix { $0 != "?" && $0 != "#" }).printable(limit: 120)
            let isAbsolute = location.hasPrefix("//") || location.prefix { !"/?#".contains($0) }.hasSuffix(":")
            let isElsewhere = isAbsolute && HostAndPath(location).name != host
            return isElsewhere ? .redirectionElsewhere(place) : .redirection(place)
        }
        guard !response.isPage, response.isEncoded, let encoding = headers["content-encoding"] else { return nil }
        return .encoded(encoding.printable(limit: 40))
    }

    private static func byStatus(_ response: HTTPResponse, _ rule: String, isCloudflares: Bool) -> ForeignAnswer {
        switch response.status {
        case 200..<300: response.isPage ? .webPage : .otherService
        case 401 where isCloudflares, 403 where isCloudflares, 429 where isCloudflares:
            .cloudflareBlock(code: errorCode(in: response), rule: rule)
        case 401, 403: .credentials
        case 404: .notFound
        case 413: .tooLarge
        case 429: .tooOften
        default: .unknown
        }
    }

    /// Whether a redirection leads to Access: its login is at this path, also where the team has a domain of its own.
    private static func isAccess(_ location: String) -> Bool {
        location.contains("/cdn-cgi/access/") || HostAndPath(location).name.hasSuffix(".cloudflareaccess.com")
    }

    /// Cloudflare's error code, of four digits from 1000 on, in a text or a page of Cloudflare's.
    ///
    /// - SeeAlso: <https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/>
    private static func errorCode(in response: HTTPResponse) -> Int? {
        let text = String(decoding: response.body.prefix(16 * 1024), as: UTF8.self).asciiLowercased
        for mark in ["error code: ", "error code:", "error_code\":", "cf-error-code\">", "error "] {
            var rest = text[...]
            while let found = rest.firstRange(of: Array(mark.utf8)) {
                rest = rest[found.upperBound...]
                let digits = rest.drop { $0 == UInt8(ascii: " ") }.prefix { (0x30...0x39).contains($0) }
                if digits.count == 4, digits.first == UInt8(ascii: "1") {
                    return Int(String(decoding: digits, as: UTF8.self))
                }
            }
        }
        return nil
    }
}

/// The host name of a URL, in lower case and without port and user, and its path without a slash at the end.
private struct HostAndPath {
    let name: String
    private let path: String

    init(_ url: String) {
        let rest = url.firstRange(of: "//").map { url[$0.upperBound...] } ?? url[...]
        var authority = rest.prefix { !"/?#".contains($0) }
        path = String(
            rest.dropFirst(authority.count).prefix { !"?#".contains($0) }.reversed().drop { $0 == "/" }.reversed()
        )
        if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
        let isIPv6 = authority.hasPrefix("[")
        name = String(isIPv6 ? authority.prefix { $0 != "]" } : authority.prefix { $0 != ":" }).lowercased()
    }

    /// The expression of a WAF rule for everything there (Cloudflare's Rules language).
    var rule: String {
        let host = "http.host eq \"\(name)\""
        return path.isEmpty ? "(\(host))" : "(\(host) and starts_with(http.request.uri.path, \"\(path)/\"))"
    }
}
