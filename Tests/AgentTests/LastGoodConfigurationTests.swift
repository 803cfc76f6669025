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
            "interval = 60\nwarp_ids = [\"a\"]\n[scorer]\nurl = \"https://a.test\"\n".utf8,
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
        try dropIn("20-b.toml", "interval = 120")
        try dropIn("10-a.toml", "interval = 90\n[scorer]\nurl = \"https://b.test\"")
        try dropIn("30-c.toml.bak", "interval = 10")
        try dropIn(".40-d.toml", "interval = 10")
        let configuration = try load().configuration
        #expect(configuration.interval == 120)
        #expect(configuration.warpIDs == ["a"])
        #expect(configuration.scorer?.url == "https://b.test")
    }

    @Test("names the drop-in that is wrong")
    func wrongDropIn() throws {
        try dropIn("10-a.toml", "interval = 1")
        let error = try #require(throws: ConfigurationError.self) { try load() }
        #expect("\(error)" == "\(path).d/10-a.toml: interval: is 10 to 86400 seconds")
    }

    @Test("is the last good one where the newest is wrong or gone, and says so")
    func lastGood() throws {
        try dropIn("10-a.toml", "interval = 90")
        #expect(try load().flaw == nil)
        try directory.write("interval = \"x\"".utf8, to: "postured.toml")
        var loaded = try load()
        #expect(loaded.configuration.interval == 90)
        #expect(loaded.flaw?.description.hasPrefix("\(path): 'interval' has the wrong type") == true)
        try FileManager.default.removeItem(atPath: path)
        loaded = try load()
        #expect(loaded.configuration.interval == 90)
        #expect(loaded.flaw?.isAbsence == true)
        try directory.write("interval = 70".utf8, to: "postured.toml")
        try FileManager.default.removeItem(atPath: path + ".d/10-a.toml")
        loaded = try load()
        #expect(loaded.configuration.interval == 70)
        #expect(loaded.flaw == nil)
    }

    @Test("is none where the first one is wrong, or what was remembered is damaged")
    func none() throws {
        try directory.write("interval = 1".utf8, to: "postured.toml")
        #expect(throws: ConfigurationError.self) { try load() }
        try directory.write("{".utf8, to: "last-good-configuration.json")
        let error = try #require(throws: ConfigurationError.self) { try load() }
        #expect("\(error)".hasPrefix("\(path): interval"))
    }
}
