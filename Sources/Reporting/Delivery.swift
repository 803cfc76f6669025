package import PostureModel

/// One delivery: a fresh nonce, a message collected and signed for it, registration where the device is not known.
package struct Delivery: Sendable {
    private let client: ScorerClient
    private let sign: Sign
    private let enrolmentToken: @Sendable () throws -> String?
    private let whenKnown: @Sendable () -> Void
    private let instant: @Sendable () -> ContinuousClock.Instant
    private let kept = KeptNonce()

    /// Collects what a request is about, and signs it for the scorer's URL, the audience, with a nonce of the scorer's.
    package typealias Sign =
        @Sendable (_ request: SigningRequest, _ nonce: String, _ audience: String) async throws ->
        SignedMessage

    /// Creates a delivery.
    ///
    /// `enrolmentToken` is asked only when the scorer does not know the device. `whenKnown` is called each time that
    /// the scorer has shown that it does know it: the token has no use any more. `instant` is a clock that also runs
    /// while the machine sleeps.
    package init(
        to client: ScorerClient,
        signing sign: @escaping Sign,
        enrolmentToken: @escaping @Sendable () throws -> String?,
        whenKnown: @escaping @Sendable () -> Void = {},
        instant: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) {
        self.client = client
        self.sign = sign
        self.enrolmentToken = enrolmentToken
        self.whenKnown = whenKnown
        self.instant = instant
    }

    /// Reports now and returns the scorer's answer.
    ///
    /// The nonce of that answer is kept for the next report.
    ///
    /// - Throws: ``DeliveryError``, or what signing threw.
    package func report() async throws -> ReportAnswer {
        do {
            let report: ReportAnswer = try await answer(to: .report)
            whenKnown()
            return report
        } catch DeliveryError.refused(let problem, _) where problem.isOf(.unknownDevice) {
            let token = try enrolmentToken()
            let _: RegistrationAnswer = try await answer(to: .registration(token: token))
            whenKnown()
            return try await answer(to: .report)
        }
    }

    /// Sends one message and reads the answer; a nonce that is not good is replaced once (RFC 8555 §6.5).
    private func answer<Answer: Decodable>(to request: SigningRequest) async throws -> Answer {
        var triesLeft = 2
        while true {
            triesLeft -= 1
            let nonce: String
            if let fresh = kept.take(at: instant()) { nonce = fresh } else { nonce = try await client.nonce() }
            let message = try await sign(request, nonce, client.audience)
            let start = instant()
            switch try await client.post(message) {
            case .success(let reply):
                kept.keep(reply.nextNonce, since: start)
                do { return try Wire.decodePrintable(Answer.self, from: reply.body) } catch {
                    throw DeliveryError.unexpected(status: 200, .malformed(error.description))
                }
            case .failure(let refusal):
                kept.keep(refusal.nextNonce, since: start)
                guard refusal.problem.isOf(.badNonce), triesLeft > 0 else {
                    throw DeliveryError.refused(refusal.problem, retryAfter: refusal.retryAfter)
                }
            }
        }
    }
}
