public import PostureModel

/// Why a report did not arrive.
public enum DeliveryError: Error, Sendable, Equatable, CustomStringConvertible {
    /// There was no response.
    case unreachable(String)
    /// The scorer refused, and said why.
    case refused(Problem)
    /// Something answered that does not speak as the scorer does.
    case unexpected(status: Int, hint: String)

    /// One sentence, for a person; parts of it may be the other side's, so it is made printable.
    public var description: String {
        let text =
            switch self {
            case .unreachable(let text): "the scorer cannot be reached: \(text)"
            case .refused(let problem) where problem.isOf(.enrolmentRefused):
                "the scorer refused: \(problem) (make a token there, and name its file in scorer.enrolment_token_file)"
            case .refused(let problem): "the scorer refused: \(problem)"
            case .unexpected(let status, let hint):
                "the scorer's URL answered \(status) in a way a scorer does not: \(hint)"
            }
        return text.printable()
    }

    /// Whether trying again without any change may help.
    public var isTransient: Bool {
        switch self {
        case .unreachable: true
        case .refused(let problem): problem.status >= 500 || problem.isOf(.badNonce)
        case .unexpected(let status, _): status >= 500 || status == 429
        }
    }
}
