internal import Blocking
internal import Glibc
package import PostureModel
package import Verification

/// Judges the certificates of messages that are authentic: what costs most of all that is done with a message.
package protocol CertificateEvidenceJudge: Sendable {
    /// Judges what a report shows.
    func report(
        _ authentic: AuthenticMessage<Report>,
        checks: [String: CertificateRequirements],
        at now: Timestamp
    ) -> VerifiedReport
    /// Judges the proofs of a registration.
    func registration(
        _ authentic: AuthenticMessage<Registration>,
        checks: [String: CertificateRequirements],
        at now: Timestamp
    ) -> VerifiedRegistration
}

extension MessageVerifier: CertificateEvidenceJudge {}

/// Where messages of devices are worked on: on threads of their own, a core fewer than there are, so that what answers
/// Cloudflare, operators and health checks neither waits for them nor shares a thread with them.
package struct MessageWorkPool: Sendable {
    /// The kinds of work; the lanes take turns.
    package enum Work: Hashable, CaseIterable {
        /// Reading a message, and its device's signature: any sender can ask for that.
        case arrival
        /// The certificates of a device that is known.
        case report
        /// The certificates of a device that is not.
        case registration

        /// How many may wait: about a second's worth.
        package var limit: Int {
            switch self {
            case .arrival: 1024
            case .report: 256
            case .registration: 32
            }
        }
    }

    private let pool: WorkPool<Work>

    /// Creates a pool with a thread fewer than the process has cores, and with one at least.
    package init(
        threads: Int = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)) - 1),
        limit: @escaping @Sendable (Work) -> Int = \.limit
    ) {
        pool = WorkPool(label: "messages", threads: threads, limit: limit)
    }

    /// Does work when it is its turn.
    ///
    /// - Throws: ``Problem/Kind/unavailable`` where too much waits already, or what the work throws.
    package func run<Value: Sendable>(_ work: Work, _ body: @escaping @Sendable () throws -> Value) async throws
        -> Value
    {
        do { return try await pool.run(work, body) } catch is WorkPoolFull {
            var problem = Problem(.unavailable, "too many messages wait here: send it again later")
            // Not all of them at once.
            problem.retryAfter = Int.random(in: 5...60)
            throw problem
        }
    }
}
