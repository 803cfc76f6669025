import Agent
import ConfigurationFile
import TestSupport
import Testing

@Suite("A configuration that is no TOML")
struct TOMLScannerTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory("configuration") }

    private func read(_ text: String) throws -> AgentConfiguration {
        try AgentConfiguration(at: directory.write(text.utf8, to: "postured.toml"))
    }

    @Test(
        "is refused with its line where toml++ would abort",
        arguments: [
            "[!]", "[[$x]]", "[[\u{fffd}", "[ü]", " [ =", "\t[ [ +1", "[.a]", "[[[a]]]", "[#", "[", "[[ ", "[\r",
            "[[\0", "x = [}", "x = [ 1, [2], }", "x = }", "x = { y = [] ]", "x = \"[\" ]", "x = 2026-11-22T",
            "x = '' }",
            "x = [2026-11-22tx]", "x = \"\\\"[\" }", "x = \"\"\"a\"\"\"\" }", "x = '''[''']",
        ]
    )
    func aborting(line: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try read("interval = '60s'\n\(line)\n") }
        #expect(error?.description.contains("line 2") == true, "\(error?.description ?? "")")
    }

    @Test(
        "is refused behind a byte order mark, empty, and cut short",
        arguments: ["\u{feff}[!]", "[", "[[ ", "[]", "[[]]", "x = [", "x = {", "x = \"[", "x = '''", "x = 2026-11-22T"]
    )
    func short(text: String) {
        #expect(throws: ConfigurationError.self) { try read(text) }
    }

    @Test("is none because of what stands in strings, comments and arrays")
    func strings() throws {
        for header in ["[scorer]", " [ \"scorer\" ] ", "['scorer'] # comment", "\t[scorer]\r"] {
            let text = "interval = '60s'\n\(header)\nurl = \"https://a.test\"\n"
            #expect(try read(text).scorer?.url == "https://a.test")
        }
        let ids = #"['}', "]\"}", """{"[!]\""""", '''2026-11-22T''', # ]} 2026-11-22T, "#
        let text = "# [!] } since 2026-11-22T\nwarp_ids = \(ids)\n  \"\"\"\\\n[!]\"\"\",\n]\ninterval = '60s' # }\n"
        #expect(try read(text).warpIDs == ["}", "]\"}", "{\"[!]\"\"", "2026-11-22T", "[!]"])
    }
}
