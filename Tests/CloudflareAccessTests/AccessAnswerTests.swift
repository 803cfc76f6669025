import CurlBridge
import Testing

@testable import CloudflareAccess

@Suite("Who answered through Access")
struct AccessAnswerTests {
    static let problem = ["content-type": "application/problem+json"]

    @Test(
        "is told by status, headers and body",
        arguments: [
            (HTTPResponse(status: 200, headers: [:], body: Array(#"{"result":{}}"#.utf8)), AccessAnswer.scorer),
            (HTTPResponse(status: 200, headers: [:], body: Array("<html>".utf8)), .otherService),
            (
                HTTPResponse(
                    status: 302,
                    headers: ["location": "https://acme.cloudflareaccess.com/cdn-cgi/access/login/x"],
                    body: []
                ), .accessLogin(status: 302)
            ),
            (HTTPResponse(status: 301, headers: ["location": "/"], body: []), .redirection(status: 301)),
            (HTTPResponse(status: 401, headers: [:], body: []), .accessTokenUnknown),
            (HTTPResponse(status: 401, headers: problem, body: []), .unknown(status: 401)),
            (HTTPResponse(status: 403, headers: [:], body: []), .accessRefusal),
            (HTTPResponse(status: 403, headers: problem, body: []), .scorerRefusal),
            (HTTPResponse(status: 404, headers: problem, body: []), .scorerNotFound),
            (HTTPResponse(status: 404, headers: [:], body: []), .unknown(status: 404)),
            (HTTPResponse(status: 503, headers: problem, body: []), .scorerUnavailable(status: 503)),
            (HTTPResponse(status: 530, headers: [:], body: []), .unreachable(status: 530)),
        ]
    )
    func answer(response: HTTPResponse, expected: AccessAnswer) {
        #expect(AccessAnswer(response) == expected)
    }
}
