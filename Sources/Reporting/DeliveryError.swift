package import PostureModel

/// Why a report did not arrive.
package enum DeliveryError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Something that the configuration names for the way to the scorer cannot be used.
    case unusable(String)
    /// There was no response, or none that ended.
    case unreachable(String)
    /// The scorer refused, and said why; `retryAfter` is in how many seconds it wants to be asked again.
    case refused(Problem, retryAfter: Int? = nil)
    /// The scorer refused a key replacement or a retirement for good, which is discarded: everything is as it was before.
    case discarded(Problem, retryAfter: Int? = nil)
    /// Something answered that does not speak as the scorer does.
    case unexpected(status: Int, ForeignAnswer, retryAfter: Int? = nil)

    /// One sentence, for a person; parts of it may be the other side's, so it is made printable.
    package var description: String {
        let text =
            switch self {
            case .unusable(let text): text
            case .unreachable(let text): "the scorer cannot be reached: \(text)"
            case .refused(let problem, _) where problem.isOf(.enrolmentRefused):
                "the scorer refused: \(problem) (make a token there, and name its file in scorer.enrolment_token_file)"
            case .refused(let problem, _) where problem.isOf(.replacedKey):
                "the scorer refused: \(problem) (put the newest key back, or enrol anew: 'A key that was replaced' in "
                    + "postured(8))"
            case .refused(let problem, _): "the scorer refused: \(problem)"
            case .discarded(let problem, _):
                "nothing was changed: \(problem.detail ?? Self.twoMachines); if this machine is the copy: apt purge "
                    + "postured here"
            case .unexpected(let status, let answer, _):
                "the scorer's URL answered \(status) in a way a scorer does not: \(answer.cause): \(answer.advice)"
            }
        return text.printable()
    }

    private static let twoMachines =
        "two machines have this device's key: an operator runs 'posture-scorer clones clear' first"

    /// Whether a key change was discarded, which no longer waits in the place of a report.
    var isDiscarded: Bool {
        if case .discarded = self { true } else { false }
    }

    /// Whether trying again without any change may help: what stands in the way may go away by itself, as a captive
    /// portal does.
    package var isTransient: Bool {
        switch self {
        case .unusable: false
        case .unreachable, .discarded: true
        case .refused(let problem, _):
            problem.status >= 500 || problem.isOf(.badNonce) || problem.isOf(.tooManyRequests)
        case .unexpected(let status, _, _): !(400..<500).contains(status) || status == 408 || status == 429
        }
    }

    /// In how many seconds the other side wants to be asked again (RFC 9110 §10.2.3), 0 to 86,400; nil where it did not
    /// say.
    ///
    /// No report should be sent before; whatever the wait is by other reasons, it is at least this.
    package var retryAfter: Int? {
        switch self {
        case .unusable, .unreachable: nil
        case .refused(_, let seconds), .discarded(_, let seconds), .unexpected(_, _, let seconds): seconds
        }
    }
}
