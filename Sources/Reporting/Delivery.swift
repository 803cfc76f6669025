public import PostureModel

/// One delivery: a fresh nonce, a message collected and signed for it, registration where the device is not known.
public struct Delivery: Sendable {
    private let client: ScorerClient
    private let source: any MessageSource
    private let enrolmentToken: @Sendable () throws -> String?

    /// Creates a delivery.
    ///
    /// `enrolmentToken` is asked only when the scorer does not know the device.
    public init(
        to client: ScorerClient,
        from source: any MessageSource,
        enrolmentToken: @escaping @Sendable () throws -> String?
    ) {
        self.client = client
        self.source = source
        self.enrolmentToken = enrolmentToken
    }

    /// Reports now and returns the scorer's answer.
    ///
    /// - Throws: ``DeliveryError``, or what the source threw.
    public func report() async throws -> ReportAnswer {
        var nonce: String?
        do {
            return try await answer(to: .report, nonce: &nonce)
        } catch DeliveryError.refused(let problem) where problem.isOf(.unknownDevice) {
            let token = try enrolmentToken()
            let _: RegistrationAnswer = try await answer(to: .registration(token: token), nonce: &nonce)
            return try await answer(to: .report, nonce: &nonce)
        }
    }

    /// Sends one message and reads the answer; a nonce that is not good is replaced once (RFC 8555 §6.5).
    private func answer<Answer: Decodable>(
        to request: SigningRequest,
        nonce: inout String?
    ) async throws -> Answer {
        var triesLeft = 2
        while true {
            triesLeft -= 1
            let current: String
            if let fresh = nonce { current = fresh } else { current = try await client.nonce() }
            let message = try await source.sign(request, nonce: current, audience: client.audience)
            switch try await client.post(message) {
            case .success(let reply):
                nonce = reply.nextNonce
                do { return try Wire.decode(Answer.self, from: reply.body) } catch {
                    throw DeliveryError.unexpected(status: 200, hint: "the answer \(error)")
                }
            case .failure(let refusal):
                nonce = refusal.nextNonce
                guard refusal.problem.isOf(.badNonce), triesLeft > 0 else {
                    throw DeliveryError.refused(refusal.problem)
                }
            }
        }
    }
}
