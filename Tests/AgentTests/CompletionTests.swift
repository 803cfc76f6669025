import Foundation
import TestSupport
import Testing

@Suite("Completions", .timeLimit(.minutes(5)))
struct CompletionTests {
    @Test(
        "are there for each shell, and each shell can read its own",
        arguments: [
            ("bash", "postured"), ("zsh", "_postured"), ("fish", "postured.fish"),
        ]
    )
    func shells(shell: String, name: String) throws {
        let directory = try TemporaryDirectory("completions")
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../scripts/completions")
        let ending = try runProgram(script.standardizedFileURL.path, [TestMachine.postured, directory.path])
        #expect(ending.status == 0, "\(ending.errors)")
        let text = String(decoding: try contents(of: directory.file(name)), as: UTF8.self)
        for word in ["doctor", "bundle", "config", "json"] { #expect(text.contains(word)) }
        let check = try runProgram(shell, ["-n", directory.file(name)])
        #expect(check.status == 0 && check.errors.isEmpty, "\(check.errors)")
    }

    @Test("of bash complete subcommands, and files where a file is meant")
    func bash() throws {
        let directory = try TemporaryDirectory("completions")
        try directory.write([], to: "mine.toml")
        let words = { (words: [String]) in
            let script = """
                source <(\(TestMachine.postured) --generate-completion-script bash)
                COMP_WORDS=(\(words.joined(separator: " "))) COMP_CWORD=\(words.count - 1)
                COMP_LINE="${COMP_WORDS[*]}" COMP_POINT=${#COMP_LINE}
                _postured postured "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
                printf '%s\\n' "${COMPREPLY[@]}"
                """
            return try runProgram("bash", ["-c", script]).output
        }
        #expect(try words(["postured", "doc"]) == "doctor\n")
        #expect(
            try words(["postured", "check", "--config", "\(directory.path)/mi"]) == "\(directory.path)/mine.toml\n"
        )
    }
}
