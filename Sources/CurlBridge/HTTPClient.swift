internal import Blocking

/// HTTP through the distribution's libcurl: the system's trust store, TLS 1.2 or later, no redirections, no
/// compression, bounded in time and size.
///
/// Requests of one client go one after the other, over one connection where the server keeps it.
package final class HTTPClient: Sendable {
    /// What bounds a request, whom to trust, and the way there.
    package struct Options: Sendable {
        /// The most bytes that a body may have; a longer one is an error.
        package var bodyLimit: Int
        /// Seconds until a connection must stand, TLS included.
        package var connectTimeout: Int
        /// Seconds that a transfer may go below 16 bytes a second, the wait for the answer included.
        package var stallTimeout: Int
        /// Seconds until the whole answer must be there.
        package var timeout: Int
        /// A PEM file of trusted CAs; nil for the system's.
        package var caFile: String?
        /// SHA-256 digests of the public keys (SubjectPublicKeyInfo) that the server may have, in base64; empty for any.
        package var pins: [String]
        /// The proxy; nil for the environment's (`https_proxy`, `no_proxy`), an empty text for none at all.
        package var proxy: String?
        /// The `User-Agent`.
        package var userAgent: String
        /// The headers of an answer that are kept, in lower case; nil for all.
        package var keptHeaders: Set<String>?

        /// Creates options; what is left out has its default.
        package init(
            bodyLimit: Int = 256 * 1024,
            connectTimeout: Int = 10,
            stallTimeout: Int = 20,
            timeout: Int = 60,
            caFile: String? = nil,
            pins: [String] = [],
            proxy: String? = nil,
            userAgent: String = "postured"
        ) {
            self.bodyLimit = bodyLimit
            self.connectTimeout = connectTimeout
            self.stallTimeout = stallTimeout
            self.timeout = timeout
            self.caFile = caFile
            self.pins = pins
            self.proxy = proxy
            self.userAgent = userAgent
        }
    }

    let queue = BlockingQueue(label: "postured.http")
    private let handle: CurlHandle
    let options: Options

    /// Creates a client; it connects when it is used.
    package init(options: Options = Options()) {
        self.options = options
        self.handle = CurlHandle()
    }

    /// Connects to the server of `url`, off the cooperative pool, and closes the connection again.
    ///
    /// - Throws: ``HTTPError``.
    package func connect(to url: String) async throws -> HTTPConnection {
        let options = self.options
        // A handle of its own: the connection is closed with it, and not kept beside that of the next request.
        return try await queue.run { try CurlHandle().connect(to: url, options) }
    }

    /// Sends a request and waits for the whole response, off the cooperative pool.
    ///
    /// - Throws: ``HTTPError`` where there is no response. Any status is a response.
    package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let (handle, options) = (self.handle, self.options)
        return try await queue.run { try handle.perform(request, options) }
    }
}
