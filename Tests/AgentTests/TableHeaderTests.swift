import Agent
import ConfigurationFile
import TestSupport
import Testing

@Suite("A table's header in a configuration")
struct TableHeaderTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory("configuration") }

    private func read(_ text: String) throws -> AgentConfiguration {
        try AgentConfiguration(at: directory.write(text.utf8, to: "postured.toml"))
    }

    @Test(
        "is refused with its line where its name cannot begin so",
        arguments: [
            "[!]", "[[$x]]", "[[\u{fffd}", "[ü]", " [ =", "\t[ [ +1", "[.a]", "[[[a]]]", "[#", "[", "[[ ", "[\r",
            "[[\0",
        ]
    )
    func broken(header: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try read("interval = 60\n\(header)\n") }
        #expect(error?.description.contains("line 2: ") == true)
    }

    @Test(
        "is refused behind a byte order mark, empty, and cut short",
        arguments: ["\u{feff}[!]", "[", "[[ ", "[]", "[[]]"]
    )
    func first(text: String) {
        #expect(throws: ConfigurationError.self) { try read(text) }
    }

    @Test("may be written with blanks and quotes")
    func quoted() throws {
        for header in ["[scorer]", " [ \"scorer\" ] ", "['scorer'] # comment", "\t[scorer]\r"] {
            let text = "interval = 60\n\(header)\nurl = \"https://a.test\"\n"
            #expect(try read(text).scorer?.url == "https://a.test")
        }
    }
}
