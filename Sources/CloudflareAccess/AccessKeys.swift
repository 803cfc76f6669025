internal import CurlBridge
package import Logging
package import OpenSSLBridge
package import PostureModel

/// The keys that Cloudflare Access signs with, fetched and kept.
///
/// Fetched when first needed, again when an hour old, and for a key id that is not among them, at most once a
/// minute: requests cannot make the scorer fetch at will. While fetching fails, the keys at hand serve on for a week: as long
/// as Access itself takes a key that it has replaced.
package actor AccessKeys {
    /// Seconds after which the keys are fetched again.
    static let lifetime: Int64 = 3600
    /// Seconds that lie between two fetches at least.
    static let pause: Int64 = 60
    /// Seconds after which keys that could not be fetched again count no more: seven days.
    static let end: Int64 = 7 * 86_400

    private let fetch: @Sendable () async throws -> [UInt8]
    private let logger: Logger
    private var keys: [String: PublicKey] = [:]
    private var fetchedAt: Timestamp?
    private var triedAt: Timestamp?
    private var inFlight: Task<Void, Never>?

    /// Creates a key set; `fetch` gets the JWK set's bytes.
    package init(logger: Logger, fetch: @escaping @Sendable () async throws -> [UInt8]) {
        self.logger = logger
        self.fetch = fetch
    }

    /// Keys from an `https` URL, such as `https://example.cloudflareaccess.com/cdn-cgi/access/certs`.
    package init(url: String, logger: Logger) {
        let http = HTTPClient(options: .init(bodyLimit: 256 * 1024, timeout: 10, userAgent: "posture-scorer"))
        self.init(logger: logger) {
            let response = try await http.send(HTTPRequest(.get, url))
            guard response.status == 200 else {
                throw HTTPError(url: url, text: "answered \(response.status)")
            }
            return response.body
        }
    }

    /// The key with this id; nil if there is none, or none could be fetched.
    package func key(_ id: String, at now: Timestamp) async -> PublicKey? {
        let age = fetchedAt.map { abs(now.seconds(since: $0)) } ?? .max
        if age > Self.end { keys = [:] }
        let isOld = age > Self.lifetime
        guard isOld || keys[id] == nil else { return keys[id] }
        let refresh = refresh(at: now)
        // Only who has no key waits; the others go on with the one there is.
        if keys[id] == nil { await refresh?.value }
        return keys[id]
    }

    /// The fetch that is under way, or a new one; nil if the last was less than a minute ago.
    private func refresh(at now: Timestamp) -> Task<Void, Never>? {
        if let inFlight { return inFlight }
        if let triedAt, abs(now.seconds(since: triedAt)) < Self.pause { return nil }
        triedAt = now
        let task = Task { await load(at: now) }
        inFlight = task
        return task
    }

    /// Waits for the fetch that is under way, if one is.
    func settle() async {
        await inFlight?.value
    }

    private func load(at now: Timestamp) async {
        defer { inFlight = nil }
        do {
            let set = try AccessKeySet(parsing: try await fetch())
            if !set.sharedIDs.isEmpty {
                let ids = set.sharedIDs.map { $0.printable(limit: 80) }.joined(separator: ", ")
                logger.warning(
                    "several keys of the Access key set have one id: none of them is used",
                    metadata: ["ids": "\(ids)"]
                )
            }
            guard !set.keys.isEmpty else { return logFailure("it holds no RS256 key") }
            keys = set.keys
            fetchedAt = now
            logger.debug("fetched the Access key set", metadata: ["keys": "\(keys.count)"])
        } catch {
            logFailure("\(error)")
        }
    }

    private func logFailure(_ reason: String) {
        let outcome =
            keys.isEmpty
            ? "there is none of the last seven days, and every Access token is refused"
            : "the keys at hand serve on, for seven days since they were fetched"
        logger.error(
            "the Access key set cannot be fetched: \(outcome)",
            metadata: [
                "keys": "\(keys.count)", "fetched": "\(fetchedAt.map { "\($0)" } ?? "never")", "error": "\(reason)",
            ]
        )
    }

    /// The RS256 keys of a JWK set, by their ids.
    static func parse(_ bytes: [UInt8]) throws(AccessKeySet.Flaw) -> [String: PublicKey] {
        try AccessKeySet(parsing: bytes).keys
    }
}
