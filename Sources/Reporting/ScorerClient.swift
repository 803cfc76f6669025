internal import CurlBridge
internal import PostureModel

/// The scorer as the agent sees it: nonces out, signed messages in, answers or problems back.
public struct ScorerClient: Sendable {
    /// The scorer's URL, without a slash at its end: the audience of every message.
    public let audience: String
    private let http: HTTPClient

    /// An answer with the nonce for the next message.
    struct Reply {
        var body: [UInt8]
        var nextNonce: String?
    }

    /// Creates a client; `caFile` is a PEM file of the CAs to trust instead of the system's.
    public init(audience: String, caFile: String? = nil, userAgent: String) {
        self.audience = audience
        self.http = HTTPClient(options: .init(caFile: caFile, userAgent: userAgent))
    }

    /// A nonce to sign with (RFC 8555 §7.2).
    func nonce() async throws(DeliveryError) -> String {
        let response = try await send(HTTPRequest(.get, "\(audience)/v1/nonce"))
        if let nonce = response.headers["replay-nonce"] { return nonce }
        if let problem = Self.problem(in: response) { throw .refused(problem) }
        throw .unexpected(status: response.status, hint: Self.hint(for: response))
    }

    /// Sends a message.
    ///
    /// A problem document comes back as a value with the nonce that came along.
    func post(_ message: SignedMessage) async throws(DeliveryError) -> Result<Reply, Refusal> {
        let response = try await send(
            HTTPRequest(
                .post,
                audience + message.type.path,
                headers: [("Content-Type", "application/jose+json")],
                body: message.bytes
            )
        )
        let nonce = response.headers["replay-nonce"]
        if (200..<300).contains(response.status) { return .success(Reply(body: response.body, nextNonce: nonce)) }
        guard let problem = Self.problem(in: response) else {
            throw .unexpected(status: response.status, hint: Self.hint(for: response))
        }
        return .failure(Refusal(problem: problem, nextNonce: nonce))
    }

    /// A problem with the nonce for the next try.
    struct Refusal: Error {
        var problem: Problem
        var nextNonce: String?
    }

    private func send(_ request: HTTPRequest) async throws(DeliveryError) -> HTTPResponse {
        do { return try await http.send(request) } catch { throw .unreachable("\(error)") }
    }

    private static func problem(in response: HTTPResponse) -> Problem? {
        guard response.headers["content-type"]?.hasPrefix("application/problem+json") == true else { return nil }
        return try? Wire.decode(Problem.self, from: response.body)
    }

    private static func hint(for response: HTTPResponse) -> String {
        switch response.status {
        case 200..<300: "is it the scorer's URL? (no Replay-Nonce in the answer)"
        case 300..<400:
            "it redirects to \(response.headers["location"]?.prefix(120) ?? "nowhere"): is there a login page or a "
                + "captive portal before it?"
        case 401, 403: "something before the scorer wants credentials"
        case 404: "is scorer.url right?"
        case 413: "the report is too large for something before the scorer"
        default: "see the logs there"
        }
    }
}
