import Foundation
import Glibc
import TestSupport
import Testing

@Suite("postured bundle", .timeLimit(.minutes(5)))
struct BundleCommandTests {
    let machine: TestMachine
    let path: String
    /// The serial numbers of another host's files.
    static let host = TestMachine.hosts + "/dell-server"

    init() throws {
        machine = try TestMachine()
        path = machine.fixture.directory.file("bundle.tar")
    }

    @Test("is a tar archive of what helps, for its owner alone")
    func members() throws {
        try FileManager.default.createDirectory(atPath: machine.config + ".d", withIntermediateDirectories: true)
        try machine.fixture.directory.write("interval = '60s'\n".utf8, to: "postured.toml.d/10-interval.toml")
        let ending = try bundle()
        #expect(ending.status == 0, "\(ending.errors)")
        #expect(ending.output == path + "\n")
        let names = try runProgram("tar", ["-tf", path]).output.split(separator: "\n").map { $0.dropFirst(9) }
        #expect(
            names == [
                "versions.txt", "status.json", "doctor.json", "facts.json", "check.json", "configuration/postured.toml",
                "configuration/drop-in-1.toml",
            ]
        )
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try member("configuration/drop-in-1.toml").contains("interval = '60s'"))
        #expect(try member("configuration/postured.toml").contains("id = \"corp\""))
        #expect(try member("versions.txt").contains("PRETTY_NAME"))
        for name in ["status", "doctor", "facts", "check"] {
            let document = try JSONSerialization.jsonObject(with: Data(member("\(name).json").utf8))
            #expect(document is [String: Any])
        }
        #expect(try member("facts.json").contains("kernel_hostname"))
    }

    @Test("never replaces a file")
    func taken() throws {
        try machine.fixture.directory.write("mine".utf8, to: "bundle.tar")
        let ending = try bundle()
        #expect(ending.status == 2)
        #expect(ending.errors.hasPrefix("postured: \(path): File exists"))
        #expect(try String(decoding: contents(of: path), as: UTF8.self) == "mine")
    }

    @Test("has none of the secrets that the machine is full of", arguments: [false, true])
    func secrets(isMisspelt: Bool) throws {
        let facts = try JSONSerialization.jsonObject(with: Data(contents(of: "\(Self.host)/facts.json")))
        let serials = try #require((facts as? [String: Any])?["serials"] as? [String: [String: [String: String]]])
        let serial = try #require(serials["product_serial"]?["observed"]?["value"])
        let (token, mac, warp) = ("enrol-9dKx2pQ7", "02:16:3e:5a:b7:c1", "9ece5fab-7398-488a-a575-e25a9a3dec07")
        let service = "CF-Access-Client-Id: 88bf3b6d86161464.access\nCF-Access-Client-Secret: 5ecre7-0f-access\n"
        for (name, text) in [("token", "\(token)\n"), ("service", service)] {
            let file = try machine.fixture.directory.write(text.utf8, to: name)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        }
        let plan = """
            # the old password: hunter2-in-a-comment
            warp_ids = ["\(warp)"]
            \(isMisspelt ? "enrolment_tokn = \"hunter2-misspelt\"" : "interval = '60s' # hunter2-behind")
            [scorer]
            url = "https://scorer.invalid"
            proxy = "http://me:hunter2@p.invalid:1"
            enrolment_token_file = "\(machine.fixture.directory.file("token"))"
            service_token_file = "\(machine.fixture.directory.file("service"))"
            [[check]]
            id = "corp"
            database = "\(machine.fixture.database.path)"
            nickname = "\(serial) \(mac) \(isMisspelt ? "" : token + "5ecre7-0f-access")"
            trusted = ["\(machine.fixture.root.certificatePath)"]
            """
        try machine.write(plan)
        let environment = ["https_proxy": "http://me:hunter2@p.test:1", "http_proxy": "http://me:hunter2@127.0.0.1:1"]
        let arguments = ["bundle", "--config", machine.config, "--root", "\(Self.host)/root", "--output", path]
        let ending = try runProgram(
            TestMachine.postured,
            arguments + ["--socket", machine.socket],
            environment: environment
        )
        #expect(ending.status == 0, "\(ending.errors)")
        let archive = String(decoding: try contents(of: path), as: UTF8.self).lowercased()
        for secret in serials.values.compactMap({ $0["observed"]?["value"] }) + [token, mac, warp, "hunter2", "5ecre7"]
        {
            #expect(!archive.contains(secret.lowercased()), "\(secret)")
        }
        #expect(archive.contains("scorer.invalid") && archive.contains("(not shown)"))
        // Without the redaction all of this would be there to be found.
        let shown = try runProgram(TestMachine.postured, ["facts", "--json", "--root", "\(Self.host)/root"]).output
        #expect(shown.contains(serial))
    }

    @Test(
        "has no password of a configuration that cannot be used, nor of an environment that is not well written",
        arguments: [
            #"proxy = "svcuser:Hunter2secret@proxy:3128""#, #"proxy = "http://u:Hunt/er2secret@p.invalid""#,
            #"proxy = "http://u:er2secret@p.invalid"# + "\nintervall = 5", #"enrolment_token_file = "er2secret-token""#,
        ]
    )
    func misspeltSecrets(line: String) throws {
        try machine.write("[scorer]\nurl = \"https://scorer.invalid\"\n\(line)\n")
        let unusable = try archive(environment: [:])
        #expect(!unusable.contains("er2secret") && !unusable.contains("Hunter2"))
        try machine.write("[scorer]\nurl = \"https://Hunter2/er2secret@scorer.invalid\"\n")
        #expect(try !archive(environment: [:]).contains("er2secret"))
        let port = try closedPort()
        try machine.configure(scorer: "http://scorer.invalid\"\nallow_plain_http = true # \"")
        for password in ["Hunter2#er2secret", "Hunter2/er2secret", "Hunter2?er2secret"] {
            let shown = try archive(environment: ["http_proxy": "http://me:\(password)@127.0.0.1:\(port)"])
            #expect(!shown.contains("er2secret") && !shown.contains("Hunter2"))
        }
    }

    /// The archive that is made in an environment, and what the doctor prints in it.
    private func archive(environment: [String: String]) throws -> String {
        try? FileManager.default.removeItem(atPath: path)
        let arguments = ["--config", machine.config, "--socket", machine.socket]
        let ending = try runProgram(
            TestMachine.postured,
            ["bundle", "--output", path] + arguments,
            environment: environment
        )
        #expect(ending.status == 0, "\(ending.errors)")
        let doctor =
            environment.isEmpty
            ? "" : try runProgram(TestMachine.postured, ["doctor"] + arguments, environment: environment).output
        return try String(decoding: contents(of: path), as: UTF8.self) + doctor
    }

    private func bundle() throws -> Program.Ending {
        try machine.postured("bundle", "--socket", machine.socket, "--output", path)
    }

    private func member(_ name: String) throws -> String {
        try runProgram("tar", ["-xOf", path, "postured/\(name)"]).output
    }
}
