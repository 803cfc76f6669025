/// Why there is no response.
package struct HTTPError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Where the request went, without path, query and user.
    package let origin: String
    /// libcurl's number (libcurl-errors(3)); 0 where libcurl had no part in it.
    package let code: Int
    /// What happened, in libcurl's words or ours: the same each time that the same thing happens.
    package let text: String
    /// Whether the server's certificate is not valid now: the machine's clock may be what is wrong.
    package let concernsTime: Bool
    /// The status of a proxy that did not let the request through; nil where none refused.
    package let proxyStatus: Int?

    /// Creates an error about a request to `url`.
    package init(
        url: String,
        code: Int = 0,
        text: String,
        concernsTime: Bool = false,
        proxyStatus: Int? = nil
    ) {
        let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        let host = parts.count > 2 ? parts[2].split(separator: "@").last.map(String.init) ?? "" : ""
        self.origin = parts.count > 2 ? "\(parts[0])//\(host)" : "the URL '\(url.prefix(80))'"
        self.code = code
        self.text = text
        self.concernsTime = concernsTime
        self.proxyStatus = proxyStatus
    }

    /// One sentence, for a person.
    package var description: String { "\(origin): \(text)" }
}
