import CurlBridge
import TestSupport
import Testing

@Suite("A pin", .timeLimit(.minutes(5)))
struct PinTests {
    let root: TestCertificate
    let pki: TestPKI

    init() throws {
        pki = try TestPKI()
        root = try pki.ca("Corp Root")
    }

    func leaf(key: TestPKI.Key = .p256) throws -> TestCertificate {
        try pki.leaf("scorer", issuer: root, names: ["IP:127.0.0.1"], eku: ["serverAuth"], key: key)
    }

    /// The SHA-256 of a certificate's SubjectPublicKeyInfo, as `openssl` sees it.
    func pin(of certificate: TestCertificate) throws -> String {
        let command =
            "openssl x509 -in \(certificate.certificatePath) -noout -pubkey | openssl pkey -pubin -outform DER "
        return try runTool("sh", ["-c", command + "| openssl dgst -sha256 -binary | base64"]).text.trimmed
    }

    @Test("is the server's key, in one of several, and in a renewed certificate")
    func good() async throws {
        let (leaf, spare) = (try leaf(), try leaf())
        let server = try await TLSServer(leaf)
        let renewed = try await TLSServer(try self.leaf(key: .of(leaf)))
        let pins = [try pin(of: spare), try pin(of: leaf)]
        let client = HTTPClient(options: .init(caFile: root.certificatePath, pins: pins))
        for url in [server.url, renewed.url] {
            #expect(try await client.send(HTTPRequest(.get, url)).status == 200)
        }
    }

    @Test("that the server does not have ends the connection, be its certificate good or not")
    func bad() async throws {
        let (leaf, spare) = (try leaf(), try leaf())
        let server = try await TLSServer(leaf)
        // The pin of the CA is none of the server's.
        let pins = [try pin(of: spare), try pin(of: root)]
        let client = HTTPClient(options: .init(caFile: root.certificatePath, pins: pins))
        let error = try await #require(throws: HTTPError.self) { try await client.send(HTTPRequest(.get, server.url)) }
        #expect(error.text == "the server's public key is none of the pins")
        #expect(!error.concernsTime)
    }

    @Test("does not make up for a CA that is not trusted")
    func notInstead() async throws {
        let leaf = try leaf()
        let server = try await TLSServer(leaf)
        let client = HTTPClient(options: .init(pins: [try pin(of: leaf), try pin(of: root)]))
        let error = try await #require(throws: HTTPError.self) { try await client.send(HTTPRequest(.get, server.url)) }
        #expect(error.text.contains("unable to get local issuer certificate"))
    }
}

extension String {
    fileprivate var trimmed: String { String(prefix { !$0.isNewline }) }
}
