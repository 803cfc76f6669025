public import Logging
internal import PostureModel
public import Reporting

/// Reports now, and then again and again: after the interval when it went well, after a back-off when it did not.
public struct ReportLoop: Sendable {
    private let delivery: Delivery
    private let interval: Int
    private let logger: Logger
    private let sleep: @Sendable (_ seconds: Double) async throws -> Void

    /// Creates a loop.
    ///
    /// `interval` is in seconds, and holds where the scorer asks for no other. `sleep` is how to wait, passed in so
    /// that a test need not.
    public init(
        _ delivery: Delivery,
        interval: Int,
        logger: Logger,
        sleep: @escaping @Sendable (_ seconds: Double) async throws -> Void
    ) {
        self.delivery = delivery
        self.interval = interval
        self.logger = logger
        self.sleep = sleep
    }

    /// What one try came to.
    public struct Event: Sendable, Equatable, Encodable, CustomStringConvertible {
        /// The score; nil where the report did not arrive.
        public var score: Int?
        /// Why the report did not arrive.
        public var error: String?
        /// Seconds until the next try.
        public var nextReportIn: Int

        private enum CodingKeys: String, CodingKey {
            case score, error
            case nextReportIn = "next_report_in"
        }

        /// One line for `systemctl status`.
        public var description: String {
            let result = score.map { "score \($0)" } ?? "not reported: \(error ?? "")"
            return "\(result), next report in \(nextReportIn) s"
        }
    }

    /// Runs until the task is cancelled; `onReport` learns of each try.
    public func run(onReport: @Sendable (Event) -> Void) async {
        var backoff = Backoff()
        var generator = SystemRandomNumberGenerator()
        var last: Event?
        while true {
            var event = Event(nextReportIn: 0)
            let wait: Double
            do {
                let answer = try await delivery.report()
                backoff.reset()
                event.score = answer.score.value
                // The scorer steers, within bounds that neither floods it nor silences the machine.
                wait = Double(min(max(answer.nextReportIn, 10), 86_400)) * .random(in: 0.9...1.1, using: &generator)
            } catch is CancellationError {
                return
            } catch {
                event.error = "\(error)"
                let isTransient = (error as? DeliveryError)?.isTransient ?? true
                wait =
                    isTransient
                    ? backoff.next(using: &generator) : Double(interval) * .random(in: 0.9...1.1, using: &generator)
            }
            // One line for a change of state, not one for every cycle.
            if event != last { log(event) }
            last = event
            event.nextReportIn = Int(wait)
            onReport(event)
            do { try await sleep(wait) } catch { return }
        }
    }

    private func log(_ event: Event) {
        if let score = event.score {
            logger.notice("reported", metadata: ["score": "\(score)"])
        } else {
            logger.warning("cannot report; will try again", metadata: ["reason": "\(event.error ?? "")"])
        }
    }
}
