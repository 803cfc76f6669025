internal import CurlBridge
internal import PostureModel

/// Who answered a posture query that went through Cloudflare Access, and how.
enum AccessAnswer: Sendable, Equatable {
    /// The scorer answered the query.
    case scorer
    /// Something else answered with 200.
    case otherService
    /// Access redirects to its login page.
    case accessLogin(status: Int)
    /// Something redirects elsewhere.
    case redirection(status: Int)
    /// Access does not know the service token.
    case accessTokenUnknown
    /// The policy of the Access application does not include the service token.
    case accessRefusal
    /// The scorer does not take what Access sent.
    case scorerRefusal
    /// The scorer has no such path, or no `[access]`.
    case scorerNotFound
    /// The scorer cannot answer.
    case scorerUnavailable(status: Int)
    /// Cloudflare does not reach the scorer.
    case unreachable(status: Int)
    /// Neither Access nor the scorer answers so.
    case unknown(status: Int)

    /// Tells who answered by the status, the headers and the body.
    init(_ response: HTTPResponse) {
        let status = response.status
        let isProblem = response.headers["content-type"]?.hasPrefix("application/problem+json") == true
        let isLogin = response.headers["location"]?.contains("/cdn-cgi/access/login") == true
        self =
            switch status {
            case 200: Self.isResult(response.body) ? .scorer : .otherService
            case 300..<400: isLogin ? .accessLogin(status: status) : .redirection(status: status)
            case 401 where !isProblem: .accessTokenUnknown
            case 403: isProblem ? .scorerRefusal : .accessRefusal
            case 404 where isProblem: .scorerNotFound
            case 502, 503, 504, 520...530:
                isProblem ? .scorerUnavailable(status: status) : .unreachable(status: status)
            default: .unknown(status: status)
            }
    }

    private static func isResult(_ body: [UInt8]) -> Bool {
        struct Answer: Decodable { var result: [String: Entry] }
        struct Entry: Decodable { var score: Int }
        return (try? Wire.decode(Answer.self, from: body)) != nil
    }
}

extension AccessAnswer: CustomStringConvertible {
    /// The answer's meaning, and what to do.
    package var description: String {
        switch self {
        case .scorer: "200: the scorer has answered; 'Test and save' will pass"
        case .otherService: "200, but not from the scorer: what is at this address? The path is /v1/cloudflare/posture"
        case .accessLogin(let status):
            "\(status) to the login page of Access: set the policy's action to Service Auth, not Allow"
        case .redirection(let status):
            "\(status) to elsewhere: Cloudflare does not follow redirections; give the address itself"
        case .accessTokenUnknown:
            "401 from Access: the service token is expired, revoked or misspelt: look at Service credentials"
        case .accessRefusal:
            "403 from Access: the application's policy does not include this service token, or it has expired"
        case .scorerRefusal:
            "403 from the scorer: it does not take what Access sent; compare access.audience, access.common_name and "
                + "access.team_domain, and read its journal"
        case .scorerNotFound:
            "404 from the scorer: the path is /v1/cloudflare/posture, and [access] has to be configured"
        case .scorerUnavailable(let status): "\(status) from the scorer: read its journal"
        case .unreachable(let status): "\(status): the scorer does not answer behind Cloudflare"
        case .unknown(let status): "\(status): neither Access nor the scorer answers so; what is at this address?"
        }
    }
}
