internal import HTTPTypes
internal import Hummingbird
package import Logging
internal import OpenSSLBridge
internal import PostureModel

/// The id of a request, in the log and in its response.
struct RequestTrace: Sendable {
    /// Of the sender's `X-Request-Id`, if that is well-formed, so that a proxy before the scorer can set it.
    let id: String
    /// Cloudflare's own id of the request.
    let ray: String?

    /// The id of the request that this task answers.
    @TaskLocal static var current: RequestTrace?

    static let name = HTTPField.Name("X-Request-Id")

    init(of request: Request) {
        func value(_ name: HTTPField.Name?) -> String? {
            name.flatMap { request.headers[$0] }.flatMap { Self.isPlain($0) ? $0 : nil }
        }
        id = value(Self.name) ?? Base64URL.encode(Digest.random(count: 12))
        ray = value(HTTPField.Name("Cf-Ray"))
    }

    var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = ["request.id": "\(id)"]
        if let ray { metadata["cf.ray"] = "\(ray)" }
        return metadata
    }

    /// 1 to 64 letters, digits, `-`, `_`, `.`: nothing that a log or a terminal could take for something else.
    private static func isPlain(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x61...0x7a).contains(byte | 0x20) || (0x30...0x39).contains(byte) || "-_.".utf8.contains(byte)
            }
    }
}

/// Gives each request an id, says it in each answer, and in every line that is logged until then.
struct TraceMiddleware: RouterMiddleware {
    func handle(
        _ request: Request,
        context: BasicRequestContext,
        next: @concurrent (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        let trace = RequestTrace(of: request)
        var response = try await RequestTrace.$current.withValue(trace) { try await next(request, context) }
        if let name = RequestTrace.name { response.headers[name] = trace.id }
        return response
    }
}

/// Puts the id of the request that is answered into whatever is logged meanwhile.
package struct RequestLogHandler: LogHandler {
    private var inner: any LogHandler

    /// Wraps a handler.
    package init(_ inner: any LogHandler) { self.inner = inner }

    /// The inner handler's.
    package var metadata: Logger.Metadata {
        get { inner.metadata }
        set { inner.metadata = newValue }
    }

    /// The inner handler's.
    package var metadataProvider: Logger.MetadataProvider? {
        get { inner.metadataProvider }
        set { inner.metadataProvider = newValue }
    }

    /// The inner handler's.
    package var logLevel: Logger.Level {
        get { inner.logLevel }
        set { inner.logLevel = newValue }
    }

    /// The inner handler's.
    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { inner[metadataKey: key] }
        set { inner[metadataKey: key] = newValue }
    }

    /// Logs an event with the request's id, if one is answered.
    package func log(event: LogEvent) {
        var event = event
        if let trace = RequestTrace.current {
            event.metadata = trace.metadata.merging(event.metadata ?? [:]) { _, own in own }
        }
        inner.log(event: event)
    }
}
