internal import Blocking

/// HTTP through the distribution's libcurl: proxies from the environment, the system's trust store, TLS 1.2 or
/// later, no redirections, no compression, bounded in time and size.
///
/// Requests of one client go one after the other, over one connection where the server keeps it.
public final class HTTPClient: Sendable {
    /// What bounds a request, and whom to trust.
    public struct Options: Sendable {
        /// The most bytes that a body may have; a longer one is an error.
        public var bodyLimit: Int
        /// Seconds until a connection must stand.
        public var connectTimeout: Int
        /// Seconds until the whole answer must be there.
        public var timeout: Int
        /// A PEM file of trusted CAs; nil for the system's.
        public var caFile: String?
        /// The `User-Agent`.
        public var userAgent: String

        /// Creates options; what is left out has its default.
        public init(
            bodyLimit: Int = 256 * 1024,
            connectTimeout: Int = 10,
            timeout: Int = 30,
            caFile: String? = nil,
            userAgent: String = "postured"
        ) {
            self.bodyLimit = bodyLimit
            self.connectTimeout = connectTimeout
            self.timeout = timeout
            self.caFile = caFile
            self.userAgent = userAgent
        }
    }

    private let queue = BlockingQueue(label: "postured.http")
    private let handle: CurlHandle
    private let options: Options

    /// Creates a client; it connects when it is used.
    public init(options: Options = Options()) {
        self.options = options
        self.handle = CurlHandle()
    }

    /// Sends a request and waits for the whole response, off the cooperative pool.
    ///
    /// - Throws: ``HTTPError`` where there is no response. Any status is a response.
    public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let (handle, options) = (self.handle, self.options)
        return try await queue.run { try handle.perform(request, options) }
    }
}
