import TestSupport
import Testing

@Suite("The manual", .timeLimit(.minutes(5)))
struct ManualTests {
    @Test("describes every subcommand and every option, and nothing that is not there")
    func commands() throws {
        let manual = try Manual(page: "postured.8", program: TestMachine.postured)
        #expect(manual.subcommands.count >= 10)
        #expect(manual.missing == [])
        #expect(manual.extra == [])
    }

    @Test("describes every key of the configuration")
    func keys() throws {
        let keys = try manualKeys(page: "postured.toml.5", example: "postured.toml")
        #expect(keys.all.count >= 15)
        #expect(keys.missing == [])
    }

    @Test("has a form that groff and mandoc do not complain of", arguments: ["postured.8", "postured.toml.5"])
    func form(page: String) throws {
        #expect(try manualComplaints(page: page) == "")
    }
}
