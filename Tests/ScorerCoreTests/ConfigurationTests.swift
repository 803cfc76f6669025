import ConfigurationFile
import Glibc
import OpenSSLBridge
import PostureModel
import ScorerTestSupport
import TestSupport
import Testing
import Verification

@testable import CloudflareAccess
@testable import ScorerCore
@testable import Scoring

@Suite("The scorer's configuration")
struct ConfigurationTests {
    let directory: TemporaryDirectory
    let (ca, crl): (String, String)

    init() throws {
        directory = try TemporaryDirectory("configuration")
        ca = try directory.write(Array(TestCorp.shared().root.pem.utf8), to: "ca.pem")
        crl = try directory.write(TestCRL.make(by: TestCorp.shared().root), to: "crl.pem")
        try directory.write(Array("no certificate".utf8), to: "empty.pem")
    }

    static let id = "2458ce5a-0c35-4c7f-82c7-8e9487d3ff60"

    /// Loads a text in which `CA` stands for a CA's id and `DIR` for a path.
    func load(_ text: String) throws -> ScorerConfiguration {
        let text = text.replacing("\"CA\"", with: "\"\(Self.id)\"").replacing("DIR", with: directory.path)
        return try ScorerConfiguration(at: directory.write(Array(text.utf8), to: "scorer.toml"))
    }

    @Test("may be a URL alone: loopback, no Cloudflare, the standard policy")
    func smallest() throws {
        let configuration = try load(#"url = "https://scorer.acme.test/""#)
        #expect(configuration.url == "https://scorer.acme.test")
        #expect(configuration.stateDirectory == "/var/lib/posture-scorer")
        #expect("\(configuration.listen.agents) \(configuration.listen.operators)" == "127.0.0.1:8080 127.0.0.1:8081")
        #expect(configuration.access == nil && configuration.checks.isEmpty)
        #expect(try configuration.policy().policy == .standard)
    }

    @Test("may say nothing at all: agents of this machine, and a warning for each thing that is missing")
    func empty() throws {
        let configuration = try load("")
        #expect(configuration.url == "http://127.0.0.1:8080" && configuration.isForThisMachineOnly)
        #expect(configuration.warnings.count == 3)
        for words in ["no 'url'", "no [[check]]", "no [access]"] {
            #expect(configuration.warnings.contains { $0.contains(words) })
        }
        #expect(try load("[listen]\nagents = \"[::1]:9\"").url == "http://[::1]:9")
        #expect(try load(Self.access).warnings.contains { $0.contains("no access.common_name") })
        #expect(try !load(Self.access).warnings.contains { $0.contains("'url'") })
    }

    @Test("as it is shipped says nothing, so that a new scorer starts and is open to nobody else")
    func shipped() throws {
        let shipped = try exampleLines("scorer.toml").filter { !$0.isEmpty && !$0.hasPrefix("#") }
        #expect(shipped == ["[listen]"])
    }

    @Test("takes plain http to another machine by word alone")
    func plain() throws {
        let url = #"url = "http://scorer.acme.test""#
        #expect(throws: ConfigurationError.self) { try load(url) }
        #expect(try load("\(url)\nallow_plain_http = true").url == "http://scorer.acme.test")
    }

    @Test("is documented by examples, key by key, of which the policy is the standard one")
    func examples() throws {
        let policy = try directory.write(Array(try example("policy.toml", pem: ca, crl: crl).utf8), to: "policy.toml")
        let text = try example("scorer.toml", pem: ca, crl: crl)
            .replacing("/etc/posture-scorer/policy.toml", with: policy)
        let configuration = try load(text)
        #expect(configuration.url == "https://posture.example.com")
        #expect(configuration.stateDirectory == "/var/lib/posture-scorer")
        #expect("\(configuration.listen.agents) \(configuration.listen.operators)" == "127.0.0.1:8080 127.0.0.1:8081")
        #expect(try configuration.policy().policy == .standard)
        let access = try #require(configuration.access)
        guard case .accessToken(let requirements) = access.cloudflare else { return #expect(Bool(false)) }
        #expect(requirements.issuer == "https://example.cloudflareaccess.com" && !requirements.allowsPeople)
        #expect(requirements.commonName?.hasSuffix(".access") == true)
        let audiences = [requirements, access.agents, access.operators].flatMap { $0?.audiences ?? [] }
        #expect(Set(audiences).count == 3 && audiences.allSatisfy { $0.count == 64 })
        #expect(access.operators?.allowsPeople == true && access.agents?.allowsPeople == false)
        #expect(!access.hasReasonCodes)
        #expect(access.keysURL == "https://example.cloudflareaccess.com/cdn-cgi/access/certs")
        let check = try #require(configuration.checks["corp"])
        #expect(check.trusted == [Self.id])
        #expect(check.requirements.names.commonName?.description == "${serial_number}.example.com")
        #expect(check.crls == [crl] && check.requirements.revocation.failureMode == .hard)
        #expect(check.requirements.expiryWarning == TimeSpan("14d"))
    }

    @Test("is taken in full")
    func full() throws {
        try directory.write(Array("[rules]\nreport_fresh = 100\n".utf8), to: "policy.toml")
        let configuration = try load(
            """
            url = "http://127.0.0.1:8080"
            state_directory = "/srv/scorer"
            policy = "DIR/policy.toml"
            [listen]
            agents = "[::1]:443"
            operators = "localhost:0"
            [access]
            team_domain = "https://acme.cloudflareaccess.test//"
            audience = "aud-tag"
            common_name = "id.access"
            [[check]]
            id = "corp"
            trusted = ["CA"]
            common_name = "laptop-1"
            [[check]]
            id = "vpn"
            trusted = ["CA", "00000000-0000-4000-8000-00000000ABCD", "CA"]
            extended_key_usage = ["emailProtection", "1.2.3"]
            intermediates = ["DIR/ca.pem"]
            crls = ["DIR/crl.pem"]
            crl_failure = "soft"
            """
        )
        #expect(configuration.listen.agents.host == "::1" && configuration.listen.agents.port == 443)
        #expect("\(configuration.listen.agents)" == "[::1]:443")
        let issuer = "https://acme.cloudflareaccess.test"
        #expect(
            configuration.access?.cloudflare
                == .accessToken(AccessRequirements(issuer: issuer, audiences: ["aud-tag"], commonName: "id.access"))
        )
        #expect(configuration.access?.keysURL == "\(issuer)/cdn-cgi/access/certs")
        #expect(configuration.checks.keys.sorted() == ["corp", "vpn"])
        #expect(configuration.checks["corp"]?.requirements.names.commonName?.description == "laptop-1")
        let vpn = try #require(configuration.checks["vpn"])
        #expect(vpn.trusted == [Self.id, "00000000-0000-4000-8000-00000000abcd"])
        #expect(vpn.requirements.extendedKeyUsages == ["1.3.6.1.5.5.7.3.4", "1.2.3"])
        #expect(vpn.requirements.intermediates.count == 1 && vpn.requirements.trusted.isEmpty)
        #expect(vpn.crls == [crl] && vpn.requirements.revocation.failureMode == .soft)
        #expect(try configuration.policy().policy.rules == [.reportFresh: Rule(points: 100)])
    }

    static let url = "url = \"https://a.test\"\n"
    static let access = url + "[access]\nteam_domain = \"https://t.test\"\naudience = \"a\"\n"
    static let headers = url + "[access]\nmode = \"service-token-headers\"\n"
    static let hash = "client_secret_sha256 = \"\(String(repeating: "0aF9", count: 16))\"\n"

    @Test("may take the service token itself, of whose secret it knows the hash")
    func serviceTokenHeaders() throws {
        let configuration = try load(Self.headers + Self.hash + "common_name = \"id.access\"")
        let token = ServiceToken(clientID: "id.access", secretHash: (0..<16).flatMap { _ in [0x0a, 0xf9] })
        #expect(configuration.access?.cloudflare == .serviceToken(token))
        #expect(configuration.access?.keysURL == nil && configuration.warnings.count == 1)
    }

    @Test("may have several audiences for a role, none of which is another role's")
    func audiences() throws {
        let more = "agents_audience = [\"b\", \"c\"]\noperators_audience = \"d\"\n"
        let access = try #require(try load(Self.access + more).access)
        #expect(access.agents?.audiences == ["b", "c"] && access.operators?.audiences == ["d"])
    }

    static let check = url + "[[check]]\ntrusted = [\"CA\"]\n"
    static let bad: [(text: String, expected: [String])] = [
        ("[listen]\nagents = \"0.0.0.0:8080\"", ["url: is missing"]),
        ("[listen]\nagents = \"127.0.0.1:0\"", ["url: is missing"]), ("url = 7", ["'url'", "type"]),
        ("url = \"https://a.test\"\nurl = \"b\"", ["line 2"]),
        ("url =", ["line 1"]), (url + "urls = 1", ["unknown key", "'urls'"]),
        (url + "[acess]", ["unknown key", "acess"]),
        (url + "[listen]\nport = 1", ["unknown key", "port"]), (access + "aud = \"a\"", ["unknown key", "aud"]),
        (check + "id = \"a\"\ncn = \"x\"", ["unknown key", "cn"]),
        ("url = \"http://scorer.acme.test\"", ["url:", "not an https URL"]), ("url = \"scorer\"", ["url:", "https"]),
        ("url = \"\"", ["url:"]), ("url = \"https://\"", ["url:"]), ("url = \"https://a b\"", ["url:"]),
        ("url = \"http://127.0.0.1.evil.test\"", ["url:"]), ("url = \"http://localhost.evil.test\"", ["url:"]),
        ("url = \"https://user:password@a.test\"", ["url:"]), ("url = \"http://localhost@evil.test\"", ["url:"]),
        ("url = \"ftp://a.test\"", ["url:"]), ("url = \"https://\(String(repeating: "a", count: 1024))\"", ["url:"]),
        (url + "[listen]\nagents = \"8080\"", ["listen.agents", "'8080'"]),
        (url + "[listen]\nagents = \":8080\"", ["listen.agents"]),
        (url + "[listen]\nagents = \"[]:1\"", ["listen.agents"]),
        (url + "[listen]\noperators = \"127.0.0.1:65536\"", ["listen.operators"]),
        (url + "[listen]\noperators = \"127.0.0.1:-1\"", ["listen.operators"]),
        (url + "[listen]\noperators = 8081", ["listen.operators", "type"]),
        (url + "[access]\naudience = \"a\"", ["'access.team_domain' is missing"]),
        (url + "[access]\nteam_domain = \"https://t.test\"", ["'access.audience' is missing"]),
        (url + "[access]\nteam_domain = \"t.test\"\naudience = \"a\"", ["access.team_domain"]),
        (url + "[access]\nteam_domain = \"http://t.test\"\naudience = \"a\"", ["access.team_domain"]),
        (url + "[access]\nteam_domain = \"https://t.test\"\naudience = \"\"", ["access.audience", "AUD tag"]),
        (access + "keys_url = \"http://t.test/certs\"", ["access.keys_url"]),
        (access + "agents_audience = \"a\"", ["access.agents_audience", "access.audience", "application for each"]),
        (access + "operators_audience = [\"b\", \"A\"]", ["access.operators_audience", "access.audience"]),
        (
            access + "agents_audience = [\"x\", \"y\"]\noperators_audience = [\"z\", \"y\"]",
            ["access.operators_audience", "access.agents_audience"]
        ),
        (access + "agents_audience = []", ["access.agents_audience", "AUD tag"]),
        (access + "operators_audience = [\"b\", \"\"]", ["access.operators_audience", "AUD tag"]),
        (access + "operators_audience = 7", ["access.operators_audience", "type"]),
        (access + "mode = \"none\"", ["access.mode", "'none'", "access-token"]),
        (access + hash, ["access.client_secret_sha256", "mode ="]),
        (headers + hash, ["access.common_name", "client id"]),
        (headers + "common_name = \"id.access\"", ["access.client_secret_sha256", "sha256sum"]),
        (headers + "common_name = \"id.access\"\nclient_secret_sha256 = \"cfast_secret\"", ["sha256sum"]),
        (
            headers + hash + "common_name = \"a\"\naudience = \"a\"\nteam_domain = \"https://t.test\"",
            ["access.audience"]
        ),
        (headers + hash + "common_name = \"a\"\nagents_audience = \"a\"", ["access.team_domain"]),
        (url + "[[check]]\nid = \"a\"", ["trusted", "missing"]), (check, ["id", "missing"]),
        (url + "[[check]]\nid = \"a\"\ntrusted = []", ["check.trusted"]), (check + "id = \"\"", ["check.id"]),
        (check + "id = \"device\"", ["check.id"]), (check + "id = \"a b\"", ["check.id"]),
        (check + "id = \"\(String(repeating: "a", count: 65))\"", ["check.id"]),
        (check + "id = \"a\"\ndatabase = \"/etc/pki/nssdb\"", ["check.database:", "postured.toml"]),
        (
            check + "id = \"a\"\ndatabase_password_credential = \"a\"",
            ["check.database_password_credential:", "postured"]
        ),
        (check + "id = \"a\"\nnickname = \"a\"", ["check.nickname:", "postured.toml"]),
        (check + "id = \"a\"\ncertificate_file = \"/a\"", ["check.certificate_file:", "postured.toml"]),
        (check + "id = \"a\"\nprivate_key_file = \"/a\"", ["check.private_key_file:", "postured.toml"]),
        (check + "id = \"a\"\ncrls = [\"DIR/none.pem\"]", ["none.pem"]),
        (check + "id = \"a\"\ncrls = [\"DIR/ca.pem\"]", ["ca.pem", "no CRL"]),
        (check + "id = \"a\"\ncrl_failure = \"hard\"", ["check.crl_failure"]),
        (check + "id = \"a\"\n[[check]]\nid = \"a\"\ntrusted = [\"CA\"]", ["check.id", "duplicate id 'a'"]),
        (check + "id = \"a\"\ncommon_name = \"\"", ["check.common_name"]),
        (check + "id = \"a\"\ncommon_name = \"${serial}\"", ["check.common_name"]),
        (check + "id = \"a\"\nextended_key_usage = [\"server\"]", ["check.extended_key_usage", "'server'"]),
        (check + "id = \"a\"\nintermediates = [\"DIR/none.pem\"]", ["none.pem"]),
        (check + "id = \"a\"\nintermediates = [\"DIR/empty.pem\"]", ["empty.pem", "no certificate"]),
        (check + "id = \"a\"\nintermediates = [\"DIR\"]", ["not a regular file"]),
        (
            url + "[[check]]\nid = \"a\"\ntrusted = [\"DIR/ca.pem\"]",
            ["check.trusted:", "ca.pem'", "posture-scorer ca add"]
        ),
        (url + "[[check]]\nid = \"a\"\ntrusted = [\"CA\", \"\"]", ["check.trusted:", "''", "posture-scorer ca add"]),
        (
            url + "[[check]]\nid = \"a\"\ntrusted = [\"2458ce5a0c354c7f82c78e9487d3ff60\"]",
            ["check.trusted:", "ca add"]
        ),
        (url + "[[check]]\nid = \"a\"\ntrusted = [\"{2458ce5a-0c35-4c7f-82c7-8e9487d3ff60}\"]", ["check.trusted:"]),
    ]

    @Test("that is wrong is refused, naming file and key", arguments: bad.indices)
    func isRefused(index: Int) {
        let (text, expected) = Self.bad[index]
        let error = #expect(throws: ConfigurationError.self, "\(text)") { try load(text) }
        let sentence = error?.description ?? ""
        #expect(sentence.hasPrefix(directory.path), "\(sentence)")
        for part in expected { #expect(sentence.contains(part), "\(text)\n\(sentence)") }
        #expect(error?.isAbsence == sentence.contains("none.pem"))
    }

    @Test("takes CRLs and intermediates that nobody else may write", arguments: ["crls", "intermediates"])
    func ownership(key: String) throws {
        let file = key == "crls" ? crl : ca
        let text = "url = \"https://a.test\"\n[[check]]\nid = \"a\"\ntrusted = [\"CA\"]\n\(key) = [\"\(file)\"]"
        #expect(try load(text).checks.count == 1)
        #expect(unsafe chmod(file, 0o666) == 0 && chmod(directory.path, 0o755) == 0)
        let error = #expect(throws: ConfigurationError.self) { try load(text) }
        #expect(error?.description.hasPrefix(file) == true)
    }

    @Test("tells where the CAs are before a check names one, or while one still names a file")
    func stateDirectory() throws {
        for check in ["trusted = []", "trusted = [\"/etc/ca.pem\"]", "trusted = [\"a\"]\ncrls = [\"/nonexistent\"]"] {
            let text = "url = \"none yet\"\nstate_directory = \"/srv/scorer\"\n[[check]]\nid = \"corp\"\n\(check)"
            let path = try directory.write(text.utf8, to: "early.toml")
            #expect(throws: ConfigurationError.self) { try ScorerConfiguration(at: path) }
            #expect(try ScorerConfiguration.stateDirectory(at: path) == "/srv/scorer")
        }
        let path = try directory.write("url = \"https://a.test\"".utf8, to: "early.toml")
        #expect(try ScorerConfiguration.stateDirectory(at: path) == "/var/lib/posture-scorer")
        #expect(throws: ConfigurationError.self) { try ScorerConfiguration.stateDirectory(at: ca) }
    }

    @Test("that is not there is absent, and not wrong")
    func absent() {
        let path = directory.file("nothing.toml")
        let error = #expect(throws: ConfigurationError.self) { try ScorerConfiguration(at: path) }
        #expect(error?.isAbsence == true && error?.description.hasPrefix(path) == true)
    }

    @Test(
        "may have a URL without TLS for this machine only",
        arguments: [
            "http://127.0.0.1", "http://127.0.0.1:1/x", "http://localhost:8080", "http://[::1]:8080",
        ]
    )
    func loopback(text: String) throws {
        #expect(try load("url = \"\(text)\"").url == text)
    }
}
