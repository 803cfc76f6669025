import Foundation
import TestSupport
import Testing

@Suite("The command line", .timeLimit(.minutes(5)))
struct CommandLineTests {
    let machine: TestMachine

    init() throws { machine = try TestMachine() }

    @Test("checks certificates: status 0 and a line that says pass")
    func pass() throws {
        try machine.fixture.database.importWithKey(machine.fixture.leaf(), nickname: "laptop")
        let ending = try machine.postured("check")
        #expect(ending.status == 0)
        #expect(ending.output.hasPrefix("pass: corp: CN=laptop-1.acme.test, issued under CN=Corp Root"))
        #expect(ending.output.split(separator: "\n").count == 1)
        #expect(ending.errors.isEmpty)
        let json = try machine.postured("check", "--json")
        #expect(json.status == 0)
        #expect(try check(in: json)["outcome"] as? String == "pass")
        #expect(try check(in: json)["code"] == nil)
    }

    @Test("checks certificates: status 1 and why where one fails")
    func fail() throws {
        try machine.fixture.database.add(machine.fixture.leaf(), nickname: "laptop")
        let ending = try machine.postured("check")
        #expect(ending.status == 1)
        #expect(ending.output.hasPrefix("fail: corp: CN=laptop-1.acme.test is valid, but its private key is not on"))
        #expect(ending.errors.isEmpty)
        let json = try machine.postured("check", "--json")
        #expect(json.status == 1)
        #expect(try check(in: json)["outcome"] as? String == "fail")
        #expect(try check(in: json)["code"] as? String == "no_private_key")
    }

    @Test("checks certificates: status 2 and why where nobody could look")
    func unable() throws {
        try Data().write(to: URL(filePath: machine.fixture.database.path + "/cert9.db"))
        let ending = try machine.postured("check")
        #expect(ending.status == 2)
        #expect(ending.output.hasPrefix("unable: corp: "))
        let json = try machine.postured("check", "--json")
        #expect(json.status == 2)
        #expect(try check(in: json)["code"] as? String == "unreadable")
    }

    private func check(in ending: Program.Ending) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any]
        return try #require((object?["checks"] as? [[String: Any]])?.first)
    }

    @Test("shows the facts of another root as JSON", arguments: ["laptop-warp", "dell-server", "container"])
    func facts(host: String) throws {
        let fixture = TestMachine.hosts + "/" + host
        let ending = try machine.postured("facts", "--json", "--root", "\(fixture)/root")
        #expect(ending.status == 0, "\(ending.errors)")
        let shown = try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any]
        #expect(Set(try #require(shown).keys) == ["facts", "checks", "warp_ids", "warp_client", "collected_at"])
        let facts = try #require(shown?["facts"] as? [String: Any])
        let expected = try JSONSerialization.jsonObject(with: Data(contents(of: "\(fixture)/facts.json")))
        // Addresses and permanent MACs come from the kernel, and these files have none.
        for (key, value) in try #require(expected as? [String: Any])
        where !["macs", "warp_ipv4", "posture"].contains(key) {
            #expect(NSDictionary(dictionary: [key: value]) == NSDictionary(dictionary: [key: facts[key] ?? ""]))
        }
        let posture = try #require((expected as? [String: Any])?["posture"] as? [String: Any])
        let shownPosture = try #require(facts["posture"] as? [String: Any])
        #expect(posture.keys.sorted() == shownPosture.keys.sorted())
        #expect(posture["disks"] as? NSDictionary == shownPosture["disks"] as? NSDictionary)
        #expect(try machine.postured("facts", "--root", "\(fixture)/root").output.contains("product serial"))
    }

    @Test("shows the facts of a root that is not there as an error")
    func noRoot() throws {
        let ending = try machine.postured("facts", "--root", "/nonexistent")
        #expect(ending.status == 2)
        #expect(ending.output.isEmpty)
        #expect(ending.errors.contains("/nonexistent"))
    }

    @Test("reports to nobody: status 1 and one clear line")
    func unreachable() throws {
        let port = try closedPort()
        try machine.configure(scorer: "http://127.0.0.1:\(port)")
        let ending = try machine.postured("report")
        #expect(ending.status == 1)
        #expect(ending.output.isEmpty)
        #expect(ending.errors.hasPrefix("postured: the scorer cannot be reached: http://127.0.0.1:\(port): "))
        #expect(ending.errors.split(separator: "\n").count == 1)
    }

    @Test("starts eight times at once on a new machine, and makes one key")
    func atOnce() throws {
        try machine.configure(scorer: "http://127.0.0.1:\(try closedPort())")
        let arguments = ["report", "--config", machine.config]
        let programs = try (0..<8).map { _ in try Program(TestMachine.postured, arguments) }
        for program in programs {
            let ending = program.wait()
            #expect(ending.status == 1)
            #expect(ending.errors.hasPrefix("postured: the scorer cannot be reached: "), "\(ending.errors)")
        }
        let state = machine.fixture.directory.file("state")
        #expect(try FileManager.default.contentsOfDirectory(atPath: state) == ["device-key.pem"])
    }

    @Test("reports without a scorer: status 2 and the key to set")
    func noScorer() throws {
        let ending = try machine.postured("report")
        #expect(ending.status == 2)
        #expect(ending.errors == "postured: no scorer is configured: set scorer.url in postured.toml\n")
    }

    @Test(
        "refuses a wrong configuration: status 2, the file and the key, and nothing else",
        arguments: ["check", "facts", "report"]
    )
    func wrong(command: String) throws {
        for (text, words) in [("interval = \"a\"", "'interval'"), ("[scorer]\nurl = \"http://a.test\"", "scorer.url")] {
            try machine.write(text)
            let ending = try machine.postured(command)
            #expect(ending.status == 2)
            #expect(ending.output.isEmpty)
            #expect(ending.errors.hasPrefix("postured: \(machine.config): ") && ending.errors.contains(words))
            #expect(ending.errors.split(separator: "\n").count == 1, "\(ending.errors)")
        }
    }

    @Test("says its version, and helps")
    func help() throws {
        let version = try runProgram(TestMachine.postured, ["--version"])
        #expect(version.status == 0)
        #expect(version.output.split(separator: ".").count == 3)
        for command in [[], ["run"], ["report"], ["facts"], ["check"]] {
            let ending = try runProgram(TestMachine.postured, command + ["--help"])
            #expect(ending.status == 0)
            #expect(ending.output.contains("USAGE: postured \(command.first ?? "<subcommand>")"))
            #expect(ending.errors.isEmpty)
        }
        #expect(try runProgram(TestMachine.postured, ["--nonsense"]).status == 64)
    }
}
