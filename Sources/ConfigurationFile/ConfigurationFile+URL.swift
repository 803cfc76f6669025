extension ConfigurationFile {
    /// A URL of this file, without a slash at its end: `https`, or `http` to this machine only.
    ///
    /// With `allowsPlain`, `http` to anywhere.
    package func url(_ text: String, _ key: String, allowsPlain: Bool = false) throws(ConfigurationError) -> String {
        var url = text
        while url.hasSuffix("/") { url.removeLast() }
        // What stands before an '@' may be a password, and errors go to the journal.
        guard !url.utf8.contains(UInt8(ascii: "@")) else {
            throw error(key, "is not an https URL: it has an '@' in it, and names and passwords have no place there")
        }
        let isPlain = url.hasPrefix("http://") && (allowsPlain || isLoopback(url: url))
        guard isPlain || url.hasPrefix("https://"), url.utf8.count <= 1024,
            url.utf8.allSatisfy({ (0x21...0x7e).contains($0) && !"?#".utf8.contains($0) }), host(ofURL: url) != ""
        else { throw error(key, "'\(text)' is not an https URL (http is taken for this machine only)") }
        return url
    }
}

/// Whether a URL leads to this machine: to 127.0.0.0/8, ::1 or localhost (RFC 6761 §6.3).
///
/// Only addresses that are written out: what else a resolver might take for one is not worth a secret.
package func isLoopback(url: String) -> Bool {
    let host = host(ofURL: url)
    if ["localhost", "[::1]"].contains(host) { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127"
        && parts.allSatisfy { part in UInt8(part).map { "\($0)" == part } == true }
}

/// The host of a URL without a user; empty where it has none, or a port that is no number.
private func host(ofURL url: String) -> String {
    guard let start = url.firstRange(of: "://")?.upperBound else { return "" }
    let authority = url[start...].prefix { $0 != "/" }
    let end = authority.hasPrefix("[") ? authority.firstIndex(of: "]").map(authority.index(after:)) : nil
    let host = authority[..<(end ?? authority.firstIndex(of: ":") ?? authority.endIndex)]
    let rest = authority[host.endIndex...]
    return rest.isEmpty || (rest.hasPrefix(":") && UInt16(rest.dropFirst()) != nil) ? host.lowercased() : ""
}
