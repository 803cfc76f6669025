import Agent
import ConfigurationFile
import OpenSSLBridge
import PostureModel
import TestSupport
import Testing
import Verification

@Suite("The agent's configuration")
struct AgentConfigurationTests {
    let directory: TemporaryDirectory
    let pki: TestPKI
    let root: TestCertificate

    init() throws {
        directory = try TemporaryDirectory("configuration")
        pki = try TestPKI()
        root = try pki.ca("Corp Root")
    }

    func read(_ text: String) throws -> AgentConfiguration {
        try AgentConfiguration(at: directory.write(text.utf8, to: "postured.toml"))
    }

    @Test("is documented by an example, key by key")
    func example() throws {
        let crl = try directory.crl(of: root)
        let text = try TestSupport.example("postured.toml", pem: root.certificatePath, crl: crl)
        let configuration = try read(text)
        #expect(configuration.stateDirectory == AgentConfiguration.empty.stateDirectory)
        #expect(configuration.interval == AgentConfiguration.empty.interval)
        #expect(configuration.warpIDs.count == 1)
        #expect(configuration.scorer?.url == "https://posture.example.com")
        #expect(configuration.scorer?.enrolmentToken == .file("/var/lib/postured/enrolment-token"))
        #expect(configuration.scorer?.serviceToken == .file("/etc/postured/service-token"))
        #expect(configuration.scorer?.proxy == "http://proxy.example.com:3128")
        #expect(configuration.scorer?.caFile == root.certificatePath)
        let check = try #require(configuration.checks.first)
        #expect(check.id == "corp")
        let password = Credential(name: "nssdb", directory: nil)
        #expect(check.source == .database(path: "/etc/pki/nssdb", password: password))
        #expect(check.nickname == "Corp Laptop")
        #expect(check.requirements.names.commonName?.description == "${serial_number}.corp.example.com")
        #expect(check.requirements.names.alternativeNames.map(\.description) == ["${hostname}.corp.example.com"])
        #expect(check.crls == [crl])
        #expect(configuration.watchedPaths == ["/etc/pki/nssdb", crl, "/var/lib/postured/enrolment-token"])
        #expect(check.requirements.revocation.failureMode == .hard)
        #expect(check.requirements.expiryWarning == TimeSpan("14d"))
        #expect(check.requirements.trusted.count == 1)
        #expect(check.requirements.intermediates.isEmpty)
        #expect(check.requirements.extendedKeyUsages == [ExtendedKeyUsage.clientAuth])
    }

    /// What is said about a file with this text, after the file's path.
    func complaint(_ text: String) throws -> String {
        let error = try #require(throws: ConfigurationError.self) { try read(text) }
        let prefix = directory.file("postured.toml") + ": "
        #expect("\(error)".hasPrefix(prefix))
        return String("\(error)".dropFirst(prefix.count))
    }

    func check(_ lines: String) -> String {
        "[[check]]\nid = \"corp\"\ntrusted = [\"\(root.certificatePath)\"]\n\(lines)\n"
    }

    @Test("has every key")
    func whole() throws {
        let issuing = try pki.ca("Corp Issuing", issuer: root)
        let configuration = try read(
            """
            state_directory = "/srv/postured"
            interval = "60s"
            warp_ids = ["9f6e3d2c", "registration-1"]

            [scorer]
            url = "https://scorer.acme.test/"
            ca_file = "\(root.certificatePath)"
            enrolment_token_file = "/etc/postured/token"

            [[check]]
            id = "corp"
            database = "/srv/nssdb"
            common_name = "laptop-1.acme.test"
            trusted = ["\(root.certificatePath)"]
            intermediates = ["\(issuing.certificatePath)"]
            extended_key_usage = ["clientAuth", "emailProtection", "1.3.6.1.4.1.311.20.2.2"]
            """
        )
        #expect(configuration.stateDirectory == "/srv/postured")
        #expect(configuration.interval == 60)
        #expect(configuration.warpIDs == ["9f6e3d2c", "registration-1"])
        #expect(configuration.scorer?.url == "https://scorer.acme.test")
        #expect(configuration.scorer?.caFile == root.certificatePath)
        #expect(configuration.scorer?.enrolmentToken == .file("/etc/postured/token"))
        let check = try #require(configuration.checks.first)
        #expect(configuration.checks.count == 1)
        #expect(check.id == "corp")
        #expect(check.source == .database(path: "/srv/nssdb", password: nil))
        #expect(check.requirements.names.commonName?.description == "laptop-1.acme.test")
        #expect(check.requirements.trusted.map(\.der) == [root.der])
        #expect(check.requirements.intermediates.map(\.der) == [issuing.der])
        let usages = ["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.4", "1.3.6.1.4.1.311.20.2.2"]
        #expect(check.requirements.extendedKeyUsages == usages)
    }

    @Test("has defaults for what is left out")
    func defaults() throws {
        let configuration = try read(check(""))
        #expect(configuration.scorer == nil)
        #expect(configuration.stateDirectory == "/var/lib/postured")
        #expect(configuration.interval == 300)
        #expect(configuration.warpIDs.isEmpty)
        let check = try #require(configuration.checks.first)
        #expect(check.source == .database(path: "/etc/pki/nssdb", password: nil))
        #expect(check.requirements.names == .any)
        #expect(check.requirements.intermediates.isEmpty)
        #expect(check.requirements.extendedKeyUsages == ["1.3.6.1.5.5.7.3.2"])
        #expect(try read("").checks.isEmpty)
    }

    @Test(
        "refuses a key that nobody knows, by its name",
        arguments: ["intervall = 5", "[scorer]\nurl = \"https://a.test\"\nintervall = \"\"", "[intervall]"]
    )
    func unknownKey(text: String) throws {
        let complaint = try complaint(text)
        #expect(complaint.contains("unknown key") && complaint.contains("intervall"), "\(complaint)")
    }

    @Test("refuses an unknown key in a check, by its name")
    func unknownCheckKey() throws {
        let complaint = try complaint(check("comon_name = \"a\""))
        #expect(complaint.contains("unknown key") && complaint.contains("comon_name"), "\(complaint)")
    }

    @Test(
        "names the key that has the wrong type",
        arguments: [
            ("warp_ids = \"a\"", "'warp_ids'"),
            ("state_directory = 5", "'state_directory'"), ("scorer = \"https://a.test\"", "'scorer'"),
            ("[scorer]\nurl = 5", "'scorer.url'"), ("check = 5", "'check'"),
        ]
    )
    func wrongType(text: String, key: String) throws {
        let complaint = try complaint(text)
        #expect(complaint.contains(key) && complaint.contains("type"), "\(complaint)")
    }

    @Test(
        "names the key that is missing",
        arguments: [("[scorer]\nca_file = \"a\"", "'scorer.url' is missing"), ("[[check]]\nid = \"a\"", "trusted")]
    )
    func missingKey(text: String, sentence: String) throws {
        let complaint = try complaint(text)
        #expect(complaint.contains(sentence) && complaint.contains("missing"), "\(complaint)")
    }

    @Test("names the line of a syntax error")
    func syntax() throws {
        #expect(try complaint("interval = '60s'\n\n[scorer\n").hasPrefix("line 3"))
        #expect(try complaint("interval = '60s'\ninterval = '61s'\n").hasPrefix("line 2"))
    }

    @Test("says that there is no file, which is not the same as a wrong one")
    func noFile() throws {
        let error = try #require(throws: ConfigurationError.self) {
            try AgentConfiguration(at: directory.file("none.toml"))
        }
        #expect(error.isAbsence)
        #expect("\(error)" == "\(directory.file("none.toml")): No such file or directory")
    }
}
