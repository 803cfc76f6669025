internal import Logging
internal import ScorerCore
internal import ServiceLifecycle
internal import SystemdBridge
internal import UnixSignals

/// Reads the policy again at SIGHUP; the last good one is kept.
///
/// CRLs are read again by themselves; what else is in the configuration takes a restart.
struct Reload: Service {
    let scorer: Scorer
    let configuration: ScorerConfiguration
    let logger: Logger

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            do {
                try await scorer.reload(try configuration.policy())
                logger.info("the policy was read again", metadata: ["file": "\(configuration.policyFile ?? "none")"])
            } catch {
                logger.error("the policy cannot be used; the one in force stays", metadata: ["reason": "\(error)"])
            }
        }
    }
}
