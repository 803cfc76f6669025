internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import PostureModel

extension Response {
    /// A value as JSON.
    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        Response(json: try Wire.encode(value), contentType: "application/json", status: status)
    }

    /// A problem document (RFC 9457 §3).
    static func problem(_ problem: Problem) -> Response {
        let bytes = (try? Wire.encode(problem)) ?? []
        var response = Response(
            json: bytes,
            contentType: "application/problem+json",
            status: .init(code: problem.status)
        )
        let retryAfter = problem.retryAfter ?? (problem.isOf(.unavailable) ? 30 : nil)
        if let retryAfter { response.headers[.retryAfter] = "\(retryAfter)" }
        if problem.isOf(.unavailable) { response.headers[.connection] = "close" }
        return response
    }

    private init(json: [UInt8], contentType: String, status: HTTPResponse.Status) {
        self.init(
            status: status,
            headers: [.contentType: contentType, .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: json))
        )
    }
}

extension Request {
    /// The whole body, of at most `limit` bytes, which are held of ``ByteAllowance/current`` until the request is answered.
    func bytes(upTo limit: Int) async throws -> [UInt8] {
        let tooLarge = Problem(.tooLarge, "the body is longer than \(limit) bytes")
        let length = headers[.contentLength].flatMap(Int.init)
        if let length, length > limit { throw tooLarge }
        var bytes: [UInt8] = []
        do {
            for try await part in body {
                let count = bytes.count + part.readableBytes
                guard count <= limit else { throw tooLarge }
                guard ByteAllowance.current.hold(count) else {
                    throw Problem(.unavailable, "too much is being received; try again later")
                }
                bytes.append(contentsOf: part.readableBytesView)
            }
        } catch let problem as Problem {
            throw problem
        } catch {
            // A body that ends early, or is not chunked as it says: the sender's doing.
            throw Problem(.malformed, "the body cannot be received whole")
        }
        // The client may have gone.
        guard length == nil || length == bytes.count else { throw Problem(.malformed, "the body is not there whole") }
        return bytes
    }
}

/// Turns everything that is thrown into a problem document.
///
/// Details that the caller must not see go to the log.
struct ProblemMiddleware<Context: RequestContext>: RouterMiddleware {
    let logger: Logger
    /// The methods that there are for a path, of which no route has taken the request.
    var methods = MethodTable()

    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        do { return try await next(request, context) } catch let problem as Problem {
            logger.debug(
                "refused",
                metadata: [
                    "path": "\(request.uri.path)", "problem": "\(problem.type)",
                    "detail": "\(problem.detail?.printable() ?? "")",
                ]
            )
            return .problem(problem)
        } catch let error as HTTPError {
            let methods = error.status == .notFound ? methods.methods(of: request.uri.path) : []
            guard !methods.isEmpty, !methods.contains(request.method) else {
                return .problem(Self.problem(for: error.status))
            }
            let list = methods.map(\.rawValue).joined(separator: ", ")
            var response = Response.problem(Problem(.methodNotAllowed, "it is for \(list)"))
            response.headers[.allow] = list
            return response
        } catch {
            logger.error(
                "a request failed",
                metadata: [
                    "path": "\(request.uri.path)", "error": "\(error)",
                ]
            )
            return .problem(Problem(.unavailable, "try again later; the operator finds the cause in the scorer's log"))
        }
    }

    private static func problem(for status: HTTPResponse.Status) -> Problem {
        switch status.code {
        case 404: Problem(.notFound)
        case 413: Problem(.tooLarge)
        case 400..<500: Problem(.malformed)
        default: Problem(.unavailable)
        }
    }
}
