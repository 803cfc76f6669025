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
