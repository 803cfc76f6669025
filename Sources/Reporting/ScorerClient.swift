internal import CurlBridge
package import PostureModel

/// The scorer as the agent sees it: nonces out, signed messages in, answers or problems back.
package struct ScorerClient: Sendable {
    /// The scorer's URL, without a slash at its end: the audience of every message.
    package let audience: String
    private let http: HTTPClient
    private let serviceToken: @Sendable () throws -> ServiceToken?
    private let now: @Sendable () -> Timestamp

    /// An answer with the nonce for the next message.
    struct Reply {
        var body: [UInt8]
        var nextNonce: String?
    }

    /// A problem with the nonce for the next try.
    struct Refusal: Error {
        var problem: Problem
        var retryAfter: Int?
        var nextNonce: String?
    }

    /// Creates a client; it connects when it is used.
    ///
    /// `caFile` is a PEM file of the CAs to trust instead of the system's, `pins` are the public keys that the server
    /// may have, as SHA-256 in base64, any if empty. `proxy` is nil for the environment's, and empty for none.
    /// `serviceToken` is asked for at each request; the token goes to `audience` only, since no redirection is followed.
    package init(
        audience: String,
        caFile: String? = nil,
        pins: [String] = [],
        proxy: String? = nil,
        userAgent: String,
        serviceToken: @escaping @Sendable () throws -> ServiceToken? = { nil },
        now: @escaping @Sendable () -> Timestamp = Timestamp.now
    ) {
        self.init(
            audience: audience,
            http: .init(caFile: caFile, pins: pins, proxy: proxy, userAgent: userAgent),
            serviceToken: serviceToken,
            now: now
        )
    }

    /// Creates a client with bounds of its own.
    init(
        audience: String,
        http: HTTPClient.Options,
        serviceToken: @escaping @Sendable () throws -> ServiceToken? = { nil },
        now: @escaping @Sendable () -> Timestamp = Timestamp.now
    ) {
        self.audience = audience
        var http = http
        http.keptHeaders = HTTPResponse.scorerHeaders
        self.http = HTTPClient(options: http)
        self.serviceToken = serviceToken
        self.now = now
    }

    /// A nonce to sign with (RFC 8555 §7.2).
    func nonce() async throws(DeliveryError) -> String {
        let (response, isTokenSent) = try await send(HTTPRequest(.get, "\(audience)/v1/nonce"))
        if (200..<300).contains(response.status), let nonce = Self.nonce(in: response) { return nonce }
        let retryAfter = response.retryAfter(now: now().seconds)
        if let problem = response.problem { throw .refused(problem, retryAfter: retryAfter) }
        throw .unexpected(status: response.status, foreign(response, isTokenSent), retryAfter: retryAfter)
    }

    /// Sends a message.
    ///
    /// A problem document comes back as a value with the nonce that came along.
    func post(_ message: SignedMessage) async throws(DeliveryError) -> Result<Reply, Refusal> {
        let (response, isTokenSent) = try await send(
            HTTPRequest(
                .post,
                audience + message.type.path,
                headers: [("Content-Type", "application/jose+json")],
                body: message.bytes
            )
        )
        let nonce = Self.nonce(in: response)
        let retryAfter = response.retryAfter(now: now().seconds)
        if (200..<300).contains(response.status), !response.isPage, !response.isEncoded {
            return .success(Reply(body: response.body, nextNonce: nonce))
        }
        guard let problem = response.problem else {
            throw .unexpected(status: response.status, foreign(response, isTokenSent), retryAfter: retryAfter)
        }
        return .failure(Refusal(problem: problem, retryAfter: retryAfter, nextNonce: nonce))
    }

    private func foreign(_ response: HTTPResponse, _ isTokenSent: Bool) -> ForeignAnswer {
        ForeignAnswer(response, to: audience, isTokenSent: isTokenSent)
    }

    private func send(_ request: HTTPRequest) async throws(DeliveryError) -> (HTTPResponse, isTokenSent: Bool) {
        var request = request
        let token: ServiceToken?
        do { token = try serviceToken() } catch { throw .unusable("\(error)") }
        if let token { request.headers += token.headers }
        do {
            return (try await http.send(request), token != nil)
        } catch let error as HTTPError {
            let proxyAdvice = error.proxyAnswer.map { ": \($0.advice)" } ?? ""
            throw .unreachable("\(error)\(error.concernsTime ? clockAdvice : proxyAdvice)")
        } catch {
            throw .unreachable("\(error)")
        }
    }

    /// The clock to the day: a sentence that changed with every try would fill the journal.
    private var clockAdvice: String {
        let now = now()
        let day = now.description.prefix(10)
        guard now < Version.builtAfter else { return "; or this machine's clock is wrong: it says \(day)" }
        return "; but this machine's clock is wrong: it says \(day), and this program was built after "
            + "\(Version.builtAfter.description.prefix(10)): set the clock"
    }

    /// The nonce that came along; what is no base64url, or endless, is none (RFC 8555 §6.5.1).
    private static func nonce(in response: HTTPResponse) -> String? {
        guard let nonce = response.headers["replay-nonce"], (1...256).contains(nonce.utf8.count) else { return nil }
        let isGood = nonce.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        return isGood ? nonce : nil
    }
}
