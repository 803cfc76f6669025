import CurlBridge
import TestSupport
import Testing

@Suite("TLS", .timeLimit(.minutes(5)))
struct TLSTests {
    let root: TestCertificate
    let pki: TestPKI

    init() throws {
        pki = try TestPKI()
        root = try pki.ca("Corp Root")
    }

    func leaf(
        _ names: [String] = ["IP:127.0.0.1"],
        issuer: TestCertificate? = nil,
        validity: TestPKI.Validity = .current
    ) throws -> TestCertificate {
        try pki.leaf("scorer", issuer: issuer ?? root, names: names, eku: ["serverAuth"], validity: validity)
    }

    @Test("works with a CA file that has the server's root")
    func trusted() async throws {
        let server = try await TLSServer(leaf())
        let client = HTTPClient(options: .init(timeout: 60, caFile: root.certificatePath))
        #expect(try await client.send(HTTPRequest(.get, server.url)).status == 200)
    }

    @Test("is refused without that CA, with another one, for another name, and after its time")
    func untrusted() async throws {
        let other = try pki.ca("Other Root")
        let cases: [(TestCertificate, String?, String)] = [
            (try leaf(), nil, "unable to get local issuer certificate"),
            (try leaf(), other.certificatePath, "unable to get local issuer certificate"),
            (try leaf(["DNS:scorer.acme.test"]), root.certificatePath, "no alternative certificate subject name"),
            (try leaf(validity: .expired), root.certificatePath, "certificate has expired"),
        ]
        let healthy = try LoopbackServer { _, connection in connection.answer(200) }
        for (leaf, caFile, sentence) in cases {
            let server = try await TLSServer(leaf)
            let client = HTTPClient(options: .init(timeout: 60, caFile: caFile))
            let error = try await #require(throws: HTTPError.self) {
                try await client.send(HTTPRequest(.get, server.url + "/"))
            }
            #expect(error.origin == server.url)
            #expect(error.text.contains(sentence), "\(error)")
            #expect(try await client.send(HTTPRequest(.get, healthy.url)).status == 200)
        }
    }

    @Test(
        "is not spoken in versions before 1.2",
        arguments: [("-tls1_1", false), ("-tls1_2", true), ("-tls1_3", true)]
    )
    func versions(option: String, isGood: Bool) async throws {
        let old = isGood ? [] : ["-cipher", "DEFAULT:@SECLEVEL=0"]
        let server = try await TLSServer(leaf(), [option] + old)
        let client = HTTPClient(options: .init(timeout: 60, caFile: root.certificatePath))
        if isGood {
            #expect(try await client.send(HTTPRequest(.get, server.url)).status == 200)
        } else {
            let error = try await #require(throws: HTTPError.self) {
                try await client.send(HTTPRequest(.get, server.url))
            }
            #expect(error.text.contains("SSL") || error.text.contains("TLS"), "\(error)")
        }
    }

    @Test("names the CA file that cannot be read")
    func noCAFile() async throws {
        let server = try await TLSServer(leaf())
        let client = HTTPClient(options: .init(timeout: 60, caFile: "/nonexistent/ca.pem"))
        let error = try await #require(throws: HTTPError.self) { try await client.send(HTTPRequest(.get, server.url)) }
        #expect(error.text.contains("/nonexistent/ca.pem"), "\(error)")
    }

    @Test("is not spoken to a server that speaks plain HTTP")
    func plain() async throws {
        let server = try LoopbackServer { _, connection in connection.close() }
        let url = server.url.replacing("http:", with: "https:")
        let client = HTTPClient(options: .init(timeout: 60))
        await #expect(throws: HTTPError.self) { try await client.send(HTTPRequest(.get, url)) }
    }
}
