import CurlBridge
import OpenSSLBridge
import PostureModel
import ScorerModel
import ScorerTestSupport
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerCore

/// Cloudflare's envelope around a certificate, or around a list of them.
struct Envelope<Value: Decodable & Equatable>: Decodable, Equatable {
    var success: Bool
    var errors: [String]
    var messages: [String]
    var result: Value
}

struct ShownCertificate: Decodable, Equatable {
    var id: String
    var name: String
    var issuer: String
    var signature: String
    var serial_number: String
    var expires_on: String
    var uploaded_on: String
    var ca: Bool
    var certificates: String
}

@Suite("The trusted CAs on the operators' listener")
struct CertificateRouteTests {
    static let path = "/v1/certificates"

    /// The body of an upload, as Cloudflare's documentation has it.
    static func body(_ pem: String, name: String = "example_ca_cert", more: String = "") -> String {
        let text = pem.replacing("\n", with: "\\n")
        return #"{"name": "\#(name)", "certificates": "\#(text)", \#(more)"ca": true}"#
    }

    func shown(_ response: HTTPResponse) throws -> ShownCertificate {
        let envelope = try response.decoded(as: Envelope<ShownCertificate>.self)
        #expect(envelope.success && envelope.errors.isEmpty && envelope.messages.isEmpty)
        return envelope.result
    }

    @Test("are uploaded as to Cloudflare, listed, shown and removed")
    func wholePath() async throws {
        let issuing = try TestCorp.shared().issuing
        try await ScorerHarness.run { scorer in
            let uploaded = try await scorer.operate(.post, Self.path, Self.body(issuing.pem))
            #expect(uploaded.status == 200)
            #expect(uploaded.headers["content-type"] == "application/json")
            let ca = try shown(uploaded)
            #expect(TrustedCAs.id(ca.id) == ca.id, "a UUID in lower case")
            #expect(ca.name == "example_ca_cert" && ca.ca)
            #expect(ca.issuer == "CN=Corp Root" && ca.signature == "ECDSAWithSHA256")
            let serial = try runTool("openssl", ["x509", "-noout", "-serial", "-in", issuing.certificatePath]).text
            let certificate = try Certificate(der: issuing.der)
            #expect(serial.lowercased().hasSuffix("\(certificate.serialNumber)\n"))
            #expect(ca.serial_number == certificate.decimalSerialNumber)
            #expect(ca.expires_on == "2036-01-01T00:00:00Z" && ca.uploaded_on == "2027-01-15T08:00:00Z")
            #expect(ca.certificates == issuing.pem)

            let list = try await scorer.operate(.get, Self.path)
            let all = try list.decoded(as: Envelope<[ShownCertificate]>.self).result
            #expect(all.map(\.name) == ["Corp Root", "example_ca_cert"] && all.last == ca)
            for id in [ca.id, ca.id.uppercased()] {
                #expect(try shown(await scorer.operate(.get, "\(Self.path)/\(id)")) == ca)
            }
            let removed = try await scorer.delete("\(Self.path)/\(ca.id)")
            #expect(removed.hasPrefix("HTTP/1.1 200") && removed.contains(#""id":"\#(ca.id)""#))
            #expect(try await scorer.operate(.get, "\(Self.path)/\(ca.id)").isProblem(.notFound))
            #expect(try await scorer.delete("\(Self.path)/\(ca.id)").hasPrefix("HTTP/1.1 404"))
            #expect(try await scorer.store.cas().map(\.id) == [scorer.ca])
        }
    }

    @Test("are nobody's without the operator token, and not on the agents' listener")
    func forbidden() async throws {
        let pem = try TestCorp.shared().issuing.pem
        try await ScorerHarness.run { scorer in
            let one = "\(Self.path)/\(scorer.ca)"
            for header in [[], [(name: "Authorization", value: "Bearer pot_wrong")]] {
                let upload = HTTPRequest(
                    .post,
                    scorer.operators + Self.path,
                    headers: header,
                    body: Array(Self.body(pem).utf8)
                )
                for answer in [
                    try await scorer.get(scorer.operators + Self.path, headers: header),
                    try await scorer.get(scorer.operators + one, headers: header), try await scorer.http.send(upload),
                ] {
                    #expect(answer.isProblem(.forbidden))
                    #expect(!answer.text.contains(scorer.ca) && !answer.text.contains("Corp"))
                }
            }
            #expect(try await scorer.curl("-X", "DELETE", scorer.operators + one).hasPrefix("HTTP/1.1 403"))
            for path in [Self.path, one] {
                let headers = [(name: "Authorization", value: "Bearer \(scorer.operatorToken)")]
                #expect(try await scorer.get(scorer.agents + path, headers: headers).status == 404)
            }
            #expect(try await scorer.store.cas().map(\.id) == [scorer.ca])
        }
    }

    @Test("are refused with their private key, which is kept nowhere: not in the database, not in the log")
    func privateKey() async throws {
        let issuing = try TestCorp.shared().issuing
        try await ScorerHarness.run { scorer in
            let key = issuing.keyPEM.replacing("\n", with: "\\n")
            for body in [
                Self.body(issuing.pem, more: #""private_key": "\#(key)", "#),
                Self.body(issuing.pem, more: #""private_key": {"pem": "\#(key)"}, "#),
                Self.body(issuing.pem, more: #""private_key": "", "#), #"{"private_key": "\#(key)"}"#,
                Self.body(issuing.pem + issuing.keyPEM), Self.body(issuing.keyPEM + issuing.pem),
            ] {
                let response = try await scorer.operate(.post, Self.path, body)
                #expect(response.isProblem(.malformed), "\(response.text)")
                #expect(response.text.contains("a private key came along: it was not kept"))
            }
            let null = Self.body(issuing.pem, more: #""private_key": null, "#)
            #expect(try await scorer.operate(.post, Self.path, null).status == 200)
            let secrets = issuing.keyPEM.split(separator: "\n").map { Array($0.utf8) }
            for suffix in ["", "-wal", "-shm"] {
                let bytes = try contents(of: scorer.directory.file("scorer.sqlite\(suffix)"))
                for secret in secrets { #expect(!bytes.contains(secret), "\(suffix)") }
            }
            let log = scorer.log.all.joined(separator: "\n")
            for secret in secrets { #expect(!log.contains(String(decoding: secret, as: UTF8.self))) }
        }
    }

    @Test("are each there once, whatever the name and the order")
    func twice() async throws {
        let corp = try TestCorp.shared()
        try await ScorerHarness.run { scorer in
            let ca = try shown(await scorer.operate(.post, Self.path, Self.body(corp.issuing.pem + corp.root.pem)))
            let again = Self.body(corp.root.pem + "\n" + corp.issuing.pem, name: "another name")
            let response = try await scorer.operate(.post, Self.path, again)
            #expect(response.isProblem(.conflict))
            #expect(response.text.contains("these very certificates are trusted already, with the id \(ca.id)"))
            #expect(try await scorer.operate(.post, Self.path, Self.body(corp.root.pem)).text.contains(scorer.ca))
        }
    }

    static func wrong() throws -> [(body: String, expected: String)] {
        let (corp, leaf) = (try TestCorp.shared(), try TestPKI().leaf("laptop-1.acme.test", issuer: nil))
        let text = corp.issuing.pem.replacing("\n", with: "\\n")
        return [
            ("", "is not JSON"), ("not JSON", "is not JSON"), ("[]", "another type"), ("null", ""), ("{}", "lacks"),
            (#"{"name": "a", "certificates": "\#(text)"}"#, "lacks 'ca'"),
            (#"{"name": "a", "certificates": "\#(text)", "ca": false}"#, "only certificates of CAs are taken"),
            (#"{"name": "a", "certificates": "\#(text)", "ca": "true"}"#, "another type than expected at 'ca'"),
            (#"{"name": "a", "certificates": ["\#(text)"], "ca": true}"#, "at 'certificates'"),
            (#"{"certificates": "\#(text)", "ca": true}"#, "lacks 'name'"), (#"{"name": "a", "ca": true}"#, "lacks"),
            (body(corp.issuing.pem, name: ""), "the name is 1 to 128"), (body(""), "cannot be read as PEM"),
            (body(corp.issuing.pem, name: "a\\u0000b"), "the name is 1 to 128"), (body("x"), "cannot be read as PEM"),
            (body(leaf.pem), "CN=laptop-1.acme.test is not a CA's certificate"),
            (body(corp.issuing.pem + leaf.pem), "CN=laptop-1.acme.test is not a CA's certificate"),
            (body(String(repeating: corp.issuing.pem, count: 33)), "there are 33 certificates"),
        ]
    }

    @Test("are refused with a sentence where the upload is wrong, and nothing is stored")
    func wrongBodies() async throws {
        try await ScorerHarness.run { scorer in
            for (body, expected) in try Self.wrong() {
                let response = try await scorer.operate(.post, Self.path, body)
                #expect(response.isProblem(.malformed), "\(body.prefix(80)): \(response.text)")
                #expect(response.text.contains(expected), "\(body.prefix(80)): \(response.text)")
            }
            let valid = Self.body(try TestCorp.shared().issuing.pem)
            let padding = String(repeating: " ", count: 256 * 1024 - valid.utf8.count)
            #expect(try await scorer.operate(.post, Self.path, valid + padding + " ").isProblem(.tooLarge))
            #expect(try await scorer.store.cas().map(\.id) == [scorer.ca])
            #expect(try await scorer.operate(.post, Self.path, valid + padding).status == 200)
        }
    }

    @Test("are not there under an id that is none", arguments: ["x", "..", "%00", "2458ce5a0c354c7f82c78e9487d3ff60"])
    func strangeIDs(id: String) async throws {
        try await ScorerHarness.run { scorer in
            let shown = try await scorer.operate(.get, "\(Self.path)/\(id)")
            #expect(shown.isProblem(.notFound))
            let removed = try await scorer.delete("\(Self.path)/\(id)")
            #expect(removed.hasPrefix("HTTP/1.1 40"))
        }
    }
}
