internal import CurlBridge

/// A response as that of something that is not the scorer: what a person is told of it.
struct Stranger {
    private let response: HTTPResponse
    private let knowsServiceToken: Bool

    init(_ response: HTTPResponse, knowsServiceToken: Bool) {
        self.response = response
        self.knowsServiceToken = knowsServiceToken
    }

    /// Whether it is a page for people, which no scorer sends.
    var isPage: Bool { response.headers["content-type"]?.lowercased().hasPrefix("text/html") == true }

    /// What it may be, and what to do.
    var hint: String {
        switch response.status {
        case 200..<300 where isPage: "it is a web page: is there a login page or a captive portal before it?"
        case 200..<300: "is it the scorer's URL? (no Replay-Nonce in the answer)"
        case 300..<400: redirection
        case 401, 403: "something before the scorer wants credentials"
        case 404: "is scorer.url right?"
        case 407: "the proxy wants credentials"
        case 413: "the report is too large for something before the scorer"
        case 429: "something before the scorer is asked too often"
        case 511: "the network wants a login first"
        default: "see the logs there"
        }
    }

    /// Without its query: that of a login page has tokens in it.
    private var redirection: String {
        guard let location = response.headers["location"] else { return "it redirects to nowhere" }
        if location.contains("/cdn-cgi/access/") {
            return knowsServiceToken
                ? "Cloudflare Access does not take the service token: is it of this application, and not expired?"
                : "Cloudflare Access wants a service token: name its file in scorer.service_token_file"
        }
        let place = location.prefix { $0 != "?" && $0 != "#" }.prefix(120)
        return "it redirects to \(place): is there a login page or a captive portal before it?"
    }
}
