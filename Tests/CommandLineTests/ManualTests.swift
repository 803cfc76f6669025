import ScorerTestSupport
import TestSupport
import Testing

@Suite("The manual of the scorer", .timeLimit(.minutes(5)))
struct ManualTests {
    @Test("describes every subcommand and every option, and nothing that is not there")
    func commands() throws {
        let manual = try Manual(page: "posture-scorer.8", program: ScorerProgram.path)
        #expect(manual.subcommands.contains("ca add") && manual.subcommands.contains("backup create"))
        #expect(manual.missing == [])
        #expect(manual.extra == [])
    }

    @Test("describes every key of both configurations", arguments: [("scorer.toml", 15), ("policy.toml", 33)])
    func keys(file: String, count: Int) throws {
        let keys = try manualKeys(page: "\(file).5", example: file)
        #expect(keys.all.count >= count)
        #expect(keys.missing == [])
    }

    @Test(
        "has a form that groff and mandoc do not complain of",
        arguments: ["posture-scorer.8", "scorer.toml.5", "policy.toml.5"]
    )
    func form(page: String) throws {
        #expect(try manualComplaints(page: page) == "")
    }
}
