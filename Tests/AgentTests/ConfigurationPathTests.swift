import Agent
import ConfigurationFile
import Foundation
import TestSupport
import Testing

/// Forms of paths that a shell, systemd or NSS's tools take, and no configuration file does.
let badPaths = [
    "~/x", "~root/x", "$HOME/x", "${HOME}/x", "%h/x", "/home/$USER/x", "x", "./x", "../x", "etc/x", " /etc/x", "",
    "file:///etc/x", "/etc/x\\n", "C:/x", "dbm:/etc/x",
]

@Suite("A path in the agent's configuration")
struct ConfigurationPathTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory("path") }

    private func complaint(_ text: String) throws -> String {
        let file = try directory.write(text.utf8, to: "postured.toml")
        let error = try #require(throws: ConfigurationError.self, "\(text)") { try AgentConfiguration(at: file) }
        #expect(error.file == file, "\(error)")
        return "\(error)"
    }

    /// Every key whose value is a path, with a configuration in which `PATH` stands for that.
    private static let keys = [
        "state_directory": "state_directory = \"PATH\"",
        "ca_file": "[scorer]\nurl = \"https://a.test\"\nca_file = \"PATH\"",
        "enrolment_token_file": "[scorer]\nurl = \"https://a.test\"\nenrolment_token_file = \"PATH\"",
        "service_token_file": "[scorer]\nurl = \"https://a.test\"\nservice_token_file = \"PATH\"",
        "database": "[[check]]\nid = \"a\"\ntrusted = [\"/x\"]\ndatabase = \"PATH\"",
        "certificate_file": "[[check]]\nid = \"a\"\ntrusted = [\"/x\"]\ncertificate_file = \"PATH\"",
        "private_key_file":
            "[[check]]\nid = \"a\"\ntrusted = [\"/x\"]\ncertificate_file = \"/x\"\nprivate_key_file = \"PATH\"",
        "trusted": "[[check]]\nid = \"a\"\ntrusted = [\"/x\", \"PATH\"]",
        "intermediates": "[[check]]\nid = \"a\"\ntrusted = [\"/x\"]\nintermediates = [\"PATH\"]",
        "crls": "[[check]]\nid = \"a\"\ntrusted = [\"/x\"]\ncrls = [\"PATH\"]",
    ]

    @Test("is refused where it is not absolute, with the file and the key", arguments: keys.keys.sorted())
    func refused(key: String) throws {
        for path in badPaths {
            let complaint = try complaint(try #require(Self.keys[key]).replacing("PATH", with: path))
            #expect(complaint.contains("\(key)"), "\(complaint)")
            #expect(complaint.contains("write the"), "\(path): \(complaint)")
        }
    }

    @Test("is every value of the example that looks like one")
    func complete() throws {
        let keys = try exampleLines("postured.toml").compactMap { line in
            line.firstMatch(of: /^# *([a-z_]+) = \[?"\//).map { String($0.1) }
        }
        #expect(!keys.isEmpty && Set(keys).isSubset(of: Self.keys.keys), "\(keys)")
    }

    @Test("is named with its line")
    func line() throws {
        let check = "[[check]]\nid = \"a\"\ntrusted = [\"/x\"]\n"
        for (text, line) in [
            ("state_directory = \"~\"", 1), ("# a\n\n  state_directory=\"~\"", 3),
            (check + check + "database = \"~\"\n" + check, 7), (check + "trusted_not = 1", 4),
            ("[scorer]\nurl = \"https://a.test\"\nca_file = \"~\"", 3), ("interval = \"x\"", 1),
            ("[[check]]\r\nid = \"a\"\r\ntrusted = [\r\n  \"/x\",\r\n  \"~\",\r\n]", 3),
        ] {
            let complaint = try complaint(text)
            #expect(complaint.hasSuffix(" (line \(line))"), "\(complaint)")
        }
        // Where it is not found nothing is said of it.
        #expect(try !complaint("\"state_directory\" = \"~\"").contains("(line"))
        #expect(try !complaint("check = [{id = \"a\", trusted = [\"~\"]}]").contains("line 2"))
    }

    @Test("may be of a drop-in too")
    func dropIn() throws {
        let file = try directory.write("".utf8, to: "postured.toml")
        let folder = directory.file("postured.toml.d")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        let other = try directory.write("state_directory = \"~/x\"".utf8, to: "postured.toml.d/a.toml")
        let error = #expect(throws: ConfigurationError.self, "\(folder)") { try AgentConfiguration(at: file) }
        #expect(error?.file == other)
    }

    @Test("of a database may have 'sql:' before it")
    func database() throws {
        let root = try TestPKI().ca("Corp Root")
        func source(_ path: String) throws -> CertificateSource? {
            let text = "[[check]]\nid = \"a\"\ntrusted = [\"\(root.certificatePath)\"]\ndatabase = \"\(path)\""
            return try AgentConfiguration(at: directory.write(text.utf8, to: "postured.toml")).checks.first?.source
        }
        for path in ["/etc/pki/nssdb", "sql:/etc/pki/nssdb"] {
            #expect(try source(path) == .database(path: "/etc/pki/nssdb", password: nil))
        }
        for path in ["sql:~/.pki/nssdb", "sql:$HOME/.pki/nssdb", "sql:.pki/nssdb", "sql:", "sql:sql:/x"] {
            #expect(throws: ConfigurationError.self) { try source(path) }
        }
    }

    @Test("is told apart by what is wrong with it")
    func flaws() throws {
        for (text, flaw) in [
            ("", .empty), ("x", .relative), ("~", .home), ("$HOME/x", .variable), ("/a/${B}", .variable),
            ("%t/x", .variable),
            ("/a\0", .unprintable), ("/" + String(repeating: "a", count: 4095), .tooLong),
        ] as [(String, AbsolutePath.Flaw)] {
            #expect(throws: flaw) { try AbsolutePath(text) }
        }
        for text in [
            "/", "/a", "//a/../b", "/a b", "/a~", "/a$", "/a%b", "/ä", "/" + String(repeating: "a", count: 4094),
        ] {
            #expect(try AbsolutePath(text).text == text)
        }
    }
}
