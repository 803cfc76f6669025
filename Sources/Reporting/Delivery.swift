package import PostureModel
internal import Synchronization

/// One delivery: a fresh nonce, a message collected and signed for it, and before a report what has to come first.
///
/// That is a registration where the device is not known, and a key replacement or a retirement that waits for the scorer.
package struct Delivery: Sendable {
    private let client: ScorerClient
    private let sign: Sign
    private let settle: Settle
    private let enrolmentToken: @Sendable () throws -> String?
    private let whenKnown: @Sendable () -> Void
    private let warn: @Sendable (String) -> Void
    private let instant: @Sendable () -> ContinuousClock.Instant
    private let kept = KeptNonce()
    private let warning = LastWarning()

    /// Collects what a request is about, and signs it for the scorer's URL, the audience, with a nonce of the scorer's.
    package typealias Sign =
        @Sendable (_ request: SigningRequest, _ nonce: String, _ audience: String) async throws ->
        SignedMessage

    /// Tells the side with the keys that the scorer took a message, or refused it for good.
    package typealias Settle = @Sendable (_ settlement: Settlement) async throws -> Void

    /// Creates a delivery.
    ///
    /// `enrolmentToken` is asked only when the scorer does not know the device. `whenKnown` is called each time that
    /// the scorer has shown that it does know it: the token has no use any more. `warn` gets a sentence where a receipt
    /// cannot be stored, once for as long as that stays so, and where a key replacement or a retirement that waited is
    /// discarded. `instant` is a clock that also runs while the machine sleeps.
    package init(
        to client: ScorerClient,
        signing sign: @escaping Sign,
        settling settle: @escaping Settle = { _ in },
        enrolmentToken: @escaping @Sendable () throws -> String?,
        whenKnown: @escaping @Sendable () -> Void = {},
        warn: @escaping @Sendable (String) -> Void = { _ in },
        instant: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) {
        (self.client, self.sign, self.settle) = (client, sign, settle)
        self.enrolmentToken = enrolmentToken
        self.whenKnown = whenKnown
        self.warn = warn
        self.instant = instant
    }

    /// Reports now and returns the scorer's answer; `first` is what is to be done before that.
    ///
    /// The nonce of that answer is kept for the next report. A key replacement or a retirement that waited, and that the scorer
    /// refuses for good, is discarded, and a report sent in its place.
    ///
    /// - Throws: ``DeliveryError``, ``DeviceRetired`` where the device has retired by this, or what signing threw.
    package func report(first: SigningRequest = .report) async throws -> ReportAnswer {
        var (request, mayRegister, mayReplace, mayDiscard) = (first, true, true, first == .report)
        while true {
            let exchange: Exchange
            do { exchange = try await self.exchange(request) } catch DeliveryError.refused(let problem, let retryAfter)
                where problem.isOf(.unknownDevice)
            {
                guard mayRegister else { throw DeliveryError.refused(problem, retryAfter: retryAfter) }
                mayRegister = false
                try await register()
                request = .report
                continue
            } catch let error as DeliveryError where error.isDiscarded && mayDiscard {
                // Nobody waits for that change: what is wanted is a report.
                mayDiscard = false
                warn("\(error)")
                continue
            }
            switch exchange.type {
            case .report:
                let answer: ReportAnswer = try exchange.decoded()
                whenKnown()
                await store(exchange, answer.receipt)
                return answer
            case .keyReplacement where mayReplace:
                mayReplace = false
                let _: DeviceAnswer = try exchange.decoded()
                try await settle(exchange.settlement())
                request = .report
            case .retirement:
                try await settle(exchange.settlement())
                throw DeviceRetired()
            case .keyReplacement, .registration, .ownRecord:
                throw DeliveryError.unusable("the side with the keys signs a \(exchange.type.rawValue) for a report")
            }
        }
    }

    private func register() async throws {
        let exchange = try await exchange(.registration(token: try enrolmentToken()))
        let _: DeviceAnswer = try exchange.decoded()
        try await settle(exchange.settlement())
        whenKnown()
    }

    /// Has the receipt stored; where that fails, the next report shows the one before.
    private func store(_ exchange: Exchange, _ receipt: String?) async {
        do {
            try await settle(exchange.settlement(receipt: receipt))
            _ = warning.replace(nil)
        } catch {
            let sentence = "the scorer's receipt cannot be stored, and the one before is shown again: \(error)"
            if warning.replace(sentence) { warn(sentence) }
        }
    }

    /// A message that the scorer took, and its answer.
    private struct Exchange {
        let type: MessageType
        let nonce: String
        let audience: String
        let body: [UInt8]

        func decoded<Answer: Decodable>() throws(DeliveryError) -> Answer {
            do throws(WireError) { return try Wire.decodePrintable(Answer.self, from: body) } catch {
                throw .unexpected(status: 200, .malformed(error.description))
            }
        }

        func settlement(receipt: String? = nil) -> Settlement {
            Settlement(type, nonce: nonce, audience: audience, receipt: receipt)
        }
    }

    /// Sends one message and returns the answer; a nonce that is not good is replaced once (RFC 8555 §6.5).
    ///
    /// A key change that the scorer refuses for good is discarded before that is thrown: if it stayed, it would be taken once an
    /// operator has cleared the alarm, also from a copy of the machine.
    private func exchange(_ request: SigningRequest) async throws -> Exchange {
        var triesLeft = 2
        while true {
            triesLeft -= 1
            let nonce: String
            if let fresh = kept.take(at: instant()) { nonce = fresh } else { nonce = try await client.nonce() }
            let message = try await sign(request, nonce, client.audience)
            let start = instant()
            func exchange(_ body: [UInt8]) -> Exchange {
                Exchange(type: message.type, nonce: nonce, audience: client.audience, body: body)
            }
            switch try await client.post(message) {
            case .success(let reply):
                kept.keep(reply.nextNonce, since: start)
                return exchange(reply.body)
            case .failure(let refusal):
                kept.keep(refusal.nextNonce, since: start)
                // A device that the scorer does not know has retired already: its answer was lost.
                if message.type == .retirement, refusal.problem.isOf(.unknownDevice) { return exchange([]) }
                // To a message that it has taken already it gives another answer.
                if message.type.comesBeforeReports, refusal.problem.isOf(.conflict) {
                    try await settle(Settlement(message.type, .refused, nonce: nonce, audience: client.audience))
                    throw DeliveryError.discarded(refusal.problem, retryAfter: refusal.retryAfter)
                }
                guard refusal.problem.isOf(.badNonce), triesLeft > 0 else {
                    throw DeliveryError.refused(refusal.problem, retryAfter: refusal.retryAfter)
                }
            }
        }
    }
}

/// The warning that was given last: one that stays is given once.
private final class LastWarning: Sendable {
    private let text = Mutex<String?>(nil)

    /// Whether the warning is another one than before.
    func replace(_ newest: String?) -> Bool {
        text.withLock { text in
            defer { text = newest }
            return text != newest
        }
    }
}
