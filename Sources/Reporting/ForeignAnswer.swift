/// What answers in the scorer's place, as far as the answer's status, headers and body show.
///
/// Every text of a case is printable and bounded.
package enum ForeignAnswer: Sendable, Equatable {
    /// Cloudflare takes the agent for a robot and wants a browser to prove otherwise (`cf-mitigated: challenge`).
    ///
    /// `rule` is the expression of the WAF rule that lets agents through.
    case cloudflareChallenge(rule: String)
    /// Cloudflare refuses the request; `code` is its 1xxx error code, if the page says one.
    case cloudflareBlock(code: Int?, rule: String)
    /// No cloudflared is connected to the tunnel: 530 with the error code 1033.
    case tunnelDown
    /// Cloudflare cannot resolve the name that the scorer's host name leads to: 530 with the error code 1016.
    case cloudflareDNS
    /// Another 530, with its error code.
    case cloudflareError(code: Int?)
    /// Cloudflare reaches nothing that answers: 520 to 527, and its own 502 and 504.
    case cloudflareOrigin(status: Int)
    /// Cloudflare Access wants somebody to log in, or a service token.
    case accessLogin(isTokenSent: Bool)
    /// Cloudflare Access refuses.
    case accessRefusal(isTokenSent: Bool)
    /// A body that was compressed although nobody asked for that; the `Content-Encoding`.
    case encoded(String)
    /// A redirection to another host: a login page, or a captive portal.
    case redirectionElsewhere(String)
    /// A redirection within the same host; nil where it does not say where to.
    case redirection(String?)
    /// A page for people, with a status of success.
    case webPage
    /// The network wants a login (RFC 6585 §6).
    case networkLogin
    /// A proxy wants credentials.
    case proxyCredentials
    /// A proxy refuses, or reaches nobody.
    case proxyRefusal
    /// Something wants credentials.
    case credentials
    /// There is nothing at the path.
    case notFound
    /// The message is too large for it.
    case tooLarge
    /// It is asked too often.
    case tooOften
    /// A success without what a scorer's answer has.
    case otherService
    /// A success with a document that is not a scorer's; the text says what is wrong, as a verb phrase.
    case malformed(String)
    /// Anything else.
    case unknown

    /// What it is, in a clause.
    package var cause: String {
        switch self {
        case .cloudflareChallenge: "Cloudflare challenges the agent as a robot (cf-mitigated: challenge)"
        case .cloudflareBlock(let code?, _): "Cloudflare refuses the request with its error \(code)"
        case .cloudflareBlock(nil, _): "Cloudflare refuses the request"
        case .tunnelDown: "no cloudflared is connected to the scorer's tunnel (Cloudflare's error 1033)"
        case .cloudflareDNS: "Cloudflare cannot resolve where the scorer's host name leads to (its error 1016)"
        case .cloudflareError(let code?): "Cloudflare answers with its error \(code)"
        case .cloudflareError(nil): "Cloudflare answers with an error of its own"
        case .cloudflareOrigin(let status): "Cloudflare gets no answer from the scorer: \(Self.origin(status))"
        case .accessLogin(isTokenSent: false): "Cloudflare Access wants a service token"
        case .accessLogin(isTokenSent: true), .accessRefusal(isTokenSent: true):
            "Cloudflare Access does not take the service token"
        case .accessRefusal(isTokenSent: false): "Cloudflare Access refuses a request without a service token"
        case .encoded(let encoding):
            "something on the way compressed the answer, unasked (Content-Encoding: \(encoding))"
        case .redirectionElsewhere(let place), .redirection(let place?): "it redirects to \(place)"
        case .redirection(nil): "it redirects to nowhere"
        case .webPage: "it is a web page"
        case .networkLogin: "the network wants a login first"
        case .proxyCredentials: "the proxy wants credentials"
        case .proxyRefusal: "the proxy refuses, or does not reach the scorer"
        case .credentials: "something before the scorer wants credentials"
        case .notFound: "there is nothing at this path"
        case .tooLarge: "the report is too large for something before the scorer"
        case .tooOften: "something before the scorer is asked too often"
        case .otherService: "another service answers there"
        case .malformed(let flaw): "the answer \(flaw)"
        case .unknown: "it is not known what answers there"
        }
    }

    /// What to do.
    package var advice: String {
        switch self {
        case .cloudflareChallenge(let rule): Self.skip(rule)
        case .cloudflareBlock(1015, let rule): "exempt \(rule) from the rate limiting rule at Cloudflare"
        case .cloudflareBlock(_, let rule):
            "see Security > Events at Cloudflare for what refuses. A WAF rule: \(Self.skip(rule)). Access: its policy has to "
                + "include the agents' service token"
        case .tunnelDown: "start cloudflared where the scorer runs (systemctl status cloudflared), and see its log"
        case .cloudflareDNS:
            "mend the DNS record of the scorer's host name at Cloudflare: it has to name the tunnel, or a host that exists"
        case .cloudflareError: "look the error up at Cloudflare, and see the DNS record and the tunnel of the host name"
        case .cloudflareOrigin(let status):
            [525, 526].contains(status)
                ? "mend the certificate of what Cloudflare connects to, or the zone's SSL mode"
                : "is posture-scorer running, and is the tunnel's service, or the origin, its address and port?"
        case .accessLogin(isTokenSent: false), .accessRefusal(isTokenSent: false):
            "name its file in scorer.service_token_file, and let the application's policy include it with the action Service Auth"
        case .accessLogin(isTokenSent: true), .accessRefusal(isTokenSent: true):
            "is it not expired, and does the application's policy include it with the action Service Auth?"
        case .encoded: "turn compression off there for the scorer's host name: agents ask for none"
        case .redirectionElsewhere: "is there a login page or a captive portal before it?"
        case .redirection:
            "is scorer.url the address itself, with https:// and its path? is there a login page before it?"
        case .webPage: "is there a login page or a captive portal before it?"
        case .networkLogin: "log in to the network with a browser"
        case .proxyCredentials: "write them into scorer.proxy, or https_proxy, as http://USER:PASSWORD@HOST:PORT"
        case .proxyRefusal: "ask whoever runs the proxy to let this machine through to the scorer's host and port"
        case .credentials: "agents need a service token there, or a way around it for the paths of /v1"
        case .notFound, .otherService, .malformed: "is scorer.url right, with its path?"
        case .tooLarge: "raise the limit there to 64 KiB"
        case .tooOften: "raise the limit there; the agent waits meanwhile"
        case .unknown: "see the logs there"
        }
    }

    /// Whether it is a matter of what stands before the scorer, and not of the scorer or of the way from there to it.
    package var isBeforeScorer: Bool {
        switch self {
        case .cloudflareChallenge, .cloudflareBlock, .accessLogin, .accessRefusal, .redirectionElsewhere, .redirection,
            .networkLogin, .proxyCredentials, .proxyRefusal, .credentials:
            true
        case .tunnelDown, .cloudflareDNS, .cloudflareError, .cloudflareOrigin, .encoded, .webPage, .notFound, .tooLarge,
            .tooOften, .otherService, .malformed, .unknown:
            false
        }
    }

    /// - SeeAlso: <https://developers.cloudflare.com/waf/custom-rules/skip/>
    private static func skip(_ rule: String) -> String {
        "add a WAF custom rule there with the action Skip for \(rule), over managed rules, rate limiting and Super Bot Fight "
            + "Mode; turn Bot Fight Mode off, which no rule skips"
    }

    /// - SeeAlso: <https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/>
    private static func origin(_ status: Int) -> String {
        switch status {
        case 521: "it refuses the connection"
        case 522: "the connection takes too long"
        case 523: "there is no way to it"
        case 504, 524: "the answer takes too long"
        case 525: "TLS does not come about"
        case 526: "its certificate is not valid"
        default: "none, or none that can be read"
        }
    }
}
