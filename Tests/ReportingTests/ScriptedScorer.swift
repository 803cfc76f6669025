import CurlBridge
@_spi(Signing) import PostureModel
import Synchronization
import TestSupport

@testable import Reporting

/// A scorer on loopback that answers one message after the other as it is told.
///
/// Its nonces are `nonce-0`, `nonce-1`, …
struct ScriptedScorer {
    enum Answer: Sendable {
        /// The answer to a report that went well.
        case good
        /// The same, with a receipt.
        case receipt(String)
        /// The answer to a registration, a key replacement or a retirement that went well.
        case registered
        case problem(Problem)
        case raw(Int, [String: String], String)
        /// A problem with further headers.
        case problemWith([String: String], Problem)
        /// No answer: the connection ends.
        case hangUp
        /// Whatever the server does to the connection.
        case act(@Sendable (LoopbackConnection) -> Void)
    }

    let server: LoopbackServer
    let source = FakeSource()
    let client: ScorerClient
    /// The messages so far: where they went and with which nonce.
    var messages: [String] {
        server.requests.filter { $0.method == "POST" }.map { "\($0.path) \(String(decoding: $0.body, as: UTF8.self))" }
    }

    /// Creates a scorer whose first question for a nonce is answered by `nonce`.
    init(nonce: Answer? = nil, _ answers: [Answer], http: HTTPClient.Options = .init(userAgent: "postured/test")) throws
    {
        let (answered, asked, given) = (Collected<Void>(), Collected<Void>(), Collected<Void>())
        server = try LoopbackServer { request, connection in
            let isMessage = request.method == "POST"
            let number = answered.all.count
            if isMessage { answered.add(()) }
            let headers = ["Replay-Nonce": "nonce-\(given.all.count)"]
            given.add(())
            let next = number < answers.count ? answers[number] : .hangUp
            let isFirst = !isMessage && asked.all.isEmpty
            if !isMessage { asked.add(()) }
            let answer = isMessage ? next : (isFirst ? nonce : nil) ?? .raw(204, headers, "")
            switch answer {
            case .good, .receipt, .registered: connection.answer(200, headers, Self.json(answer) ?? "")
            case .problem(let problem):
                let type = ["Content-Type": "application/problem+json"].merging(isMessage ? headers : [:]) { $1 }
                connection.answer(problem.status, type, (try? Wire.pretty(problem)) ?? "")
            case .problemWith(let more, let problem):
                let type = ["Content-Type": "application/problem+json"].merging(headers) { $1 }.merging(more) { $1 }
                connection.answer(problem.status, type, (try? Wire.pretty(problem)) ?? "")
            case .raw(let status, let headers, let body): connection.answer(status, headers, body)
            case .hangUp: connection.close()
            case .act(let act): act(connection)
            }
        }
        client = ScorerClient(audience: server.url, http: http)
    }

    func report(token: String? = nil) async throws -> ReportAnswer {
        try await delivery(token: token).report()
    }

    func delivery(token: String? = nil, warn: @escaping @Sendable (String) -> Void = { _ in }) -> Delivery {
        Delivery(
            to: client,
            signing: source.sign,
            settling: source.settle,
            enrolmentToken: { token },
            warn: warn
        )
    }

    /// How the report fails; nil where it does not.
    func failure(token: String? = nil) async throws -> DeliveryError? {
        do {
            _ = try await report(token: token)
            return nil
        } catch let error as DeliveryError {
            return error
        }
    }

    private static func json(_ answer: Answer) -> String? {
        guard let device = DeviceID(rawValue: String(repeating: "A", count: 43)) else { return nil }
        if case .registered = answer { return try? Wire.pretty(DeviceAnswer(device: device)) }
        let score = Score(value: 90, rules: [])
        var report = ReportAnswer(device: device, score: score, receivedAt: .init(seconds: 1), nextReportIn: 300)
        if case .receipt(let receipt) = answer { report.receipt = receipt }
        return try? Wire.pretty(report)
    }
}

/// Signs nothing: a message is its nonce.
final class FakeSource: Sendable {
    let requests = Collected<SigningRequest>()
    let settlements = Collected<Settlement>()
    /// What is signed in the place of the next reports.
    private let waiting = Mutex<[MessageType]>([])

    struct Failure: Error {}

    /// Has messages of these kinds wait for the scorer: one is signed for each report until it is settled.
    func wait(_ types: MessageType...) { waiting.withLock { $0 = types } }

    @Sendable func settle(_ settlement: Settlement) async throws {
        settlements.add(settlement)
        waiting.withLock { $0.removeAll { $0 == settlement.type } }
    }

    @Sendable func sign(_ request: SigningRequest, nonce: String, audience: String) async throws -> SignedMessage {
        requests.add(request)
        let type = request == .report ? waiting.withLock(\.first) ?? .report : request.type
        return SignedMessage(type: type, bytes: Array(nonce.utf8))
    }
}
