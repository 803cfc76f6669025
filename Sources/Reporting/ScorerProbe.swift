internal import CurlBridge
package import PostureModel

/// Asks a scorer what anybody may ask it, to see what stands between: for a person who looks for the fault.
package struct ScorerProbe: Sendable {
    /// Whether something listens there, and whose certificate it has.
    package enum Connection: Sendable {
        /// It does, at this address; `certificate` is the server's own, in PEM, where there is TLS.
        case made(address: String, certificate: String?)
        /// It does, and TLS fails.
        case noTLS(String)
        /// It does not, or the proxy refuses, which `proxy` says.
        case none(String, proxy: ForeignAnswer?)
    }

    /// What came back.
    package struct Answer: Sendable, Equatable {
        /// The HTTP status.
        package let status: Int
        /// The other side's clock.
        package let date: Timestamp?
        /// Whether it has what a scorer's answer has.
        package let isScorers: Bool
        /// The scorer's problem document.
        package let problem: Problem?
        /// What it is where it is not the scorer's.
        package let foreign: ForeignAnswer
        /// Why the service token could not go along; nil where it did, and where there is none.
        package let tokenFlaw: String?
    }

    private let url: String
    private let http: HTTPClient
    private let serviceToken: @Sendable () throws -> ServiceToken?

    /// Creates a probe of the scorer at `url`, with what ``ScorerClient`` takes; each question takes so many seconds at
    /// most.
    package init(
        url: String,
        caFile: String? = nil,
        pins: [String] = [],
        proxy: String? = nil,
        userAgent: String,
        seconds: Int,
        serviceToken: @escaping @Sendable () throws -> ServiceToken? = { nil }
    ) {
        (self.url, self.serviceToken) = (url, serviceToken)
        var options = HTTPClient.Options(
            bodyLimit: 64 * 1024,
            connectTimeout: seconds,
            stallTimeout: seconds,
            timeout: seconds,
            caFile: caFile,
            pins: pins,
            proxy: proxy,
            userAgent: userAgent
        )
        options.keptHeaders = HTTPResponse.scorerHeaders
        http = HTTPClient(options: options)
    }

    /// How libcurl goes to the scorer.
    package enum Route: Sendable, Equatable {
        /// It connects to the scorer.
        case direct
        /// It connects to a proxy: its address and port, where there is one.
        case proxy(address: String?)
        /// It does not say, and why.
        case unknown(String)
    }

    /// Asks libcurl which way it would go; connects to nobody.
    package func route() async -> Route {
        do {
            switch try await http.route(to: url) {
            case .direct: return .direct
            case .proxy(let address): return .proxy(address: address)
            }
        } catch { return .unknown("\(error)") }
    }

    /// Connects, and asks nothing.
    package func connect() async -> Connection {
        do {
            let connection = try await http.connect(to: url)
            return .made(address: connection.address, certificate: connection.certificate)
        } catch {
            let isAboutTLS = (error as? HTTPError)?.isAboutTLS ?? false
            return isAboutTLS
                ? .noTLS("\(error)") : .none("\(error)", proxy: (error as? HTTPError)?.proxyAnswer)
        }
    }

    /// Asks whether it is alive: a scorer answers 204, with nothing.
    package func health() async throws(DeliveryError) -> Answer {
        try await get("/healthz") { $0.status == 204 }
    }

    /// Asks for a nonce, which a scorer has for anybody (RFC 8555 §7.2).
    package func nonce() async throws(DeliveryError) -> Answer {
        try await get("/v1/nonce") { $0.headers["replay-nonce"] != nil }
    }

    private func get(_ path: String, isScorers: (HTTPResponse) -> Bool) async throws(DeliveryError) -> Answer {
        let (response, token, flaw): (HTTPResponse, ServiceToken?, String?)
        do { (token, flaw) = (try serviceToken(), nil) } catch { (token, flaw) = (nil, "\(error)") }
        do { response = try await http.send(HTTPRequest(.get, url + path, headers: token?.headers ?? [])) } catch {
            throw .unreachable("\(error)")
        }
        return Answer(
            status: response.status,
            date: response.date.map { Timestamp(seconds: $0) },
            isScorers: isScorers(response),
            problem: response.problem,
            foreign: ForeignAnswer(response, to: url, isTokenSent: token != nil),
            tokenFlaw: flaw
        )
    }
}
