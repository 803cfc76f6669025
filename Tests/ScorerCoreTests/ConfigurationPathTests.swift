import ConfigurationFile
import TestSupport
import Testing

@testable import ScorerCore

@Suite("A path in the scorer's configuration")
struct ConfigurationPathTests {
    /// Every key whose value is a path, with a configuration in which `PATH` stands for that.
    private static let keys = [
        "state_directory": "state_directory = \"PATH\"", "policy": "policy = \"PATH\"",
        "intermediates": "[[check]]\nid = \"a\"\ntrusted = []\nintermediates = [\"PATH\"]",
        "crls": "[[check]]\nid = \"a\"\ntrusted = []\ncrls = [\"PATH\"]",
    ]

    @Test("is refused where it is not absolute, with the file and the key", arguments: keys.keys.sorted())
    func refused(key: String) throws {
        let directory = try TemporaryDirectory("path")
        for path in ["~/x", "$HOME/x", "x", "./x", "", " /x", "%S/x", "/srv/${NAME}"] {
            let text = try #require(Self.keys[key]).replacing("PATH", with: path)
            let file = try directory.write(text.utf8, to: "scorer.toml")
            let error = try #require(throws: ConfigurationError.self, "\(text)") { try ScorerConfiguration(at: file) }
            #expect(error.file == file && "\(error)".contains(key), "\(error)")
            #expect("\(error)".contains("write the whole path"), "\(error)")
            // What adds a CA before a check names it reads this key alone.
            guard key == "state_directory" else { continue }
            #expect(throws: ConfigurationError.self) { try ScorerConfiguration.stateDirectory(at: file) }
        }
    }

    @Test("is every value of the example that looks like one")
    func complete() throws {
        let keys = try exampleLines("scorer.toml").compactMap { line in
            line.firstMatch(of: /^# *([a-z_]+) = \[?"\//).map { String($0.1) }
        }
        #expect(!keys.isEmpty && Set(keys).isSubset(of: Self.keys.keys), "\(keys)")
    }
}
