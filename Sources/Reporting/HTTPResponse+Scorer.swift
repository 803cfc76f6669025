internal import CurlBridge
internal import PostureModel

extension HTTPResponse {
    /// The headers that are read of an answer: a scorer's own, and what tells who else answered.
    static let scorerHeaders = ForeignAnswer.headers.union(["replay-nonce", "retry-after", "date"])

    /// Whether it is a page for people, which no scorer sends.
    var isPage: Bool { headers["content-type"]?.lowercased().hasPrefix("text/html") == true }

    /// Whether there is a body that has to be unpacked: nobody asked for one (RFC 9110 §12.5.3).
    var isEncoded: Bool {
        !body.isEmpty && !["", "identity"].contains((headers["content-encoding"] ?? "").lowercased())
    }

    /// The scorer's problem document; nil where there is none, or another's: their types are URIs of their own.
    var problem: Problem? {
        guard headers["content-type"]?.lowercased().hasPrefix("application/problem+json") == true,
            let problem = try? Wire.decodePrintable(Problem.self, from: body), problem.isScorers
        else { return nil }
        return problem
    }
}

extension HTTPError {
    /// What a proxy that did not make the connection wants; nil where none refused.
    var proxyAnswer: ForeignAnswer? { proxyStatus.map { $0 == 407 ? .proxyCredentials : .proxyRefusal } }
}
