internal import Logging
internal import PostureModel
internal import ScorerCore
internal import ServiceLifecycle
internal import SystemdBridge

/// Tells the service manager the scorer's state: ready, healthy, and how many devices it has.
struct Vitals: Service {
    let scorer: Scorer
    /// Gives a value once both listeners listen.
    let listening: AsyncStream<Void>
    /// Advice for the operator; nil for none.
    let advice: String?
    let logger: Logger

    func run() async throws {
        await withGracefulShutdownHandler {
            await cancelWhenGracefulShutdown { await watch() }
        } onGracefulShutdown: {
            ServiceManager.stopping()
        }
    }

    private func watch() async {
        for await _ in listening { break }
        let interval = ServiceManager.watchdogInterval.map { $0 / 2 } ?? .seconds(60)
        var (isReady, isWell, said) = (false, true, "")
        while !Task.isCancelled {
            do {
                let now = scorer.now()
                let status = try await scorer.fleet.counts(at: now).line(at: now)
                if !isReady {
                    logger.log(level: .notice, .scorerStarted, "started", metadata: ["version": "\(Version.text)"])
                    ServiceManager.ready()
                } else if !isWell {
                    logger.notice("the database answers again")
                }
                (isReady, isWell) = (true, true)
                ServiceManager.watchdog()
                say([status, advice].compactMap { $0 }.joined(separator: "; "), &said)
            } catch is CancellationError {
                return
            } catch {
                // No watchdog message: if this lasts, the service manager restarts the scorer, and with it the database.
                say("the database does not answer: \(error)", &said)
                if isWell {
                    let reason: Logger.Metadata = ["reason": "\(error)"]
                    logger.log(level: .error, .databaseSilent, "the database does not answer", metadata: reason)
                }
                isWell = false
            }
            // After a failure check again soon: a whole interval later, a scorer that recovered would have missed its
            // watchdog.
            try? await Task.sleep(for: isReady && isWell ? interval : min(interval, .seconds(1)))
        }
    }

    private func say(_ status: String, _ said: inout String) {
        if status != said { ServiceManager.status(status) }
        said = status
    }
}
