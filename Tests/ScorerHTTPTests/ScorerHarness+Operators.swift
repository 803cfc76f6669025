import Blocking
import CurlBridge
import OpenSSLBridge
@_spi(Verifying) import PostureModel
import ScorerTestSupport
import TestSupport

@testable import SQLiteStore
@testable import ScorerCore
@testable import ScorerModel

/// What an operator asks with.
enum Verb: String {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
}

extension ScorerHarness {
    /// Asks as an operator does, or with another token.
    func operate(
        _ verb: Verb,
        _ path: String,
        _ body: String = "",
        type: String = "application/json",
        token: String? = nil
    ) async throws -> HTTPResponse {
        let headers = [
            (name: "Authorization", value: "Bearer \(token ?? operatorToken)"), (name: "Content-Type", value: type),
        ]
        switch verb {
        case .get: return try await http.send(HTTPRequest(.get, operators + path, headers: headers))
        case .post:
            return try await http.send(HTTPRequest(.post, operators + path, headers: headers, body: Array(body.utf8)))
        case .put, .patch, .delete: break
        }
        // The client of the agent does neither of these.
        let arguments =
            headers.flatMap { ["--header", "\($0.name): \($0.value)"] } + [
                "--silent", "--show-error", "--max-time", "120", "--globoff", "--path-as-is", "--request",
                verb.rawValue,
                "--write-out", "\n%{http_code} %{content_type}", "--data-binary", body, operators + path,
            ]
        let text = try await BlockingQueue(label: "curl").run { try runTool("curl", arguments).text }
        let end = text.lastIndex(of: "\n") ?? text.startIndex
        let written = text[end...].dropFirst().split(separator: " ", maxSplits: 1).map(String.init)
        return HTTPResponse(
            status: Int(written[0]) ?? 0,
            headers: ["content-type": written.last ?? ""],
            body: Array(text[..<end].utf8)
        )
    }
}

extension ScorerHarness {
    /// An operator beside the listener.
    var someone: OperatorCommands {
        OperatorCommands(store: store, actor: "somebody", logger: log.logger, at: clock.now)
    }
}
