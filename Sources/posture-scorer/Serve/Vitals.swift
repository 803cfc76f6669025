internal import Logging
internal import PostureModel
internal import ScorerCore
internal import ServiceLifecycle
internal import SystemdBridge

/// Tells the service manager how the scorer is: ready, well, and how many devices there are.
struct Vitals: Service {
    let scorer: Scorer
    /// Gives a value once both listeners listen.
    let listening: AsyncStream<Void>
    /// What the operator should do first; nil if nothing.
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
                let status = try await scorer.fleet(at: now).line(at: now)
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
                // No sign of life: if this lasts, the service manager starts the scorer anew, and with it the database.
                say("the database does not answer: \(error)", &said)
                if isWell {
                    let reason: Logger.Metadata = ["reason": "\(error)"]
                    logger.log(level: .error, .databaseSilent, "the database does not answer", metadata: reason)
                }
                isWell = false
            }
            // After a question without an answer soon again: an interval more, and a scorer that is well again would have
            // been silent for too long.
            try? await Task.sleep(for: isReady && isWell ? interval : min(interval, .seconds(1)))
        }
    }

    private func say(_ status: String, _ said: inout String) {
        if status != said { ServiceManager.status(status) }
        said = status
    }
}
