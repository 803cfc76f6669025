import Agent
import ConfigurationFile
import Foundation
import TestSupport
import Testing

@Suite("The configuration of a service")
struct LastGoodConfigurationTests {
    let directory: TemporaryDirectory
    let path: String

    init() throws {
        directory = try TemporaryDirectory("configuration")
        path = directory.file("postured.toml")
        try FileManager.default.createDirectory(atPath: path + ".d", withIntermediateDirectories: false)
        try directory.write(
            "interval = '60s'\nwarp_ids = [\"a\"]\n[scorer]\nurl = \"https://a.test\"\n".utf8,
            to: "postured.toml"
        )
    }

    func load() throws -> LoadedConfiguration {
        try LoadedConfiguration(at: path, rememberedIn: directory.path, credentials: nil)
    }

    func dropIn(_ name: String, _ text: String) throws {
        try directory.write(text.utf8, to: "postured.toml.d/\(name)")
    }

    @Test("is a file and its drop-ins: the last one that names a key counts")
    func dropIns() throws {
        try dropIn("20-b.toml", "interval = '120s'")
        try dropIn("10-a.toml", "interval = '90s'\n[scorer]\nurl = \"https://b.test\"")
        try dropIn("30-c.toml.bak", "interval = '10s'")
        try dropIn(".40-d.toml", "interval = '10s'")
        let configuration = try load().configuration
        #expect(configuration.interval == 120)
        #expect(configuration.warpIDs == ["a"])
        #expect(configuration.scorer?.url == "https://b.test")
    }

    @Test("is still the last good one where a package's, which names no scorer, takes its place")
    func nobodys() throws {
        _ = try load()
        try directory.write("# nothing\n".utf8, to: "postured.toml")
        for _ in 1...2 {
            let loaded = try load()
            #expect(loaded.configuration.scorer?.url == "https://a.test")
            #expect(loaded.flaw?.description.contains("no scorer is configured: set scorer.url") == true)
        }
    }

    @Test("needs no file that only a check or a scorer names whose place a drop-in's takes")
    func replaced() throws {
        let pki = try TestPKI()
        let root = try pki.ca("Corp Root").certificatePath
        func check(_ id: String, _ trusted: String) -> String {
            "[[check]]\nid = \"\(id)\"\ntrusted = [\"\(trusted)\"]\n"
        }
        let absent = directory.file("absent.pem")
        let scorer = "[scorer]\nurl = \"https://a.test\"\nca_file = \"\(absent)\"\n"
        let first = scorer + check("corp", absent) + check("wifi", root)
        try directory.write(first.utf8, to: "postured.toml")
        try dropIn("10-a.toml", "[scorer]\nurl = \"https://b.test\"\n" + check("vpn", root) + check("corp", root))
        let configuration = try load().configuration
        #expect(configuration.scorer == AgentConfiguration.Scorer(url: "https://b.test"))
        #expect(configuration.checks.map(\.id) == ["corp", "wifi", "vpn"])
        #expect(configuration.files == [root, root, root])
        // What is still there in the end is read.
        for dropIn in ["[scorer]\nurl = \"https://b.test\"\n", check("corp", root), ""] {
            try self.dropIn("10-a.toml", dropIn)
            let error = try #require(throws: ConfigurationError.self) {
                try AgentConfiguration(at: path)
            }
            #expect("\(error)" == "\(absent): No such file or directory")
        }
    }

    @Test(
        "names the file that is wrong in its form, though a drop-in's check takes the place of its own",
        arguments: [
            ("comon_name = \"a\"", "unknown key 'check[0].comon_name'"),
            ("nickname = 5", "'check[0].nickname' has the wrong type"),
            ("nickname =", "line 4"), ("[[check]]\nid = \"corp\"\ntrusted = []", "check.id: duplicate id 'corp'"),
        ]
    )
    func replacedForm(line: String, sentence: String) throws {
        let pki = try TestPKI()
        let check = "[[check]]\nid = \"corp\"\ntrusted = [\"\(try pki.ca("Corp Root").certificatePath)\"]\n"
        try dropIn("10-a.toml", check)
        try directory.write((check + line).utf8, to: "postured.toml")
        let error = try #require(throws: ConfigurationError.self) { try AgentConfiguration(at: path) }
        #expect("\(error)".hasPrefix("\(path): \(sentence)"), "\(error)")
    }

    @Test("names the drop-in that is wrong")
    func wrongDropIn() throws {
        try dropIn("10-a.toml", "interval = '1s'")
        let error = try #require(throws: ConfigurationError.self) { try load() }
        #expect("\(error)" == "\(path).d/10-a.toml: interval: is 10s to 1d")
    }

    @Test("is the last good one where the newest is wrong or gone, and says so")
    func lastGood() throws {
        try dropIn("10-a.toml", "interval = '90s'")
        #expect(try load().flaw == nil)
        try directory.write("interval = \"x\"".utf8, to: "postured.toml")
        var loaded = try load()
        #expect(loaded.configuration.interval == 90)
        #expect(loaded.flaw?.description.hasPrefix("\(path): 'interval': is a number with a unit") == true)
        try FileManager.default.removeItem(atPath: path)
        loaded = try load()
        #expect(loaded.configuration.interval == 90)
        #expect(loaded.flaw?.isAbsence == true)
        try directory.write("interval = '70s'\n[scorer]\nurl = \"https://a.test\"".utf8, to: "postured.toml")
        try FileManager.default.removeItem(atPath: path + ".d/10-a.toml")
        loaded = try load()
        #expect(loaded.configuration.interval == 70)
        #expect(loaded.flaw == nil)
    }

    @Test("is none where the first one is wrong, or what was remembered is damaged")
    func none() throws {
        try directory.write("interval = '1s'".utf8, to: "postured.toml")
        #expect(throws: ConfigurationError.self) { try load() }
        try directory.write("{".utf8, to: "last-good-configuration.json")
        let error = try #require(throws: ConfigurationError.self) { try load() }
        #expect("\(error)".hasPrefix("\(path): interval"))
    }
}
