import Foundation
import ScorerTestSupport
import TestSupport
import Testing

@Suite("Completions of the scorer", .timeLimit(.minutes(5)))
struct CompletionTests {
    @Test(
        "are there for each shell by the program's own name, and each shell can read its own",
        arguments: [("bash", "posture-scorer"), ("zsh", "_posture-scorer"), ("fish", "posture-scorer.fish")]
    )
    func shells(shell: String, name: String) throws {
        let directory = try TemporaryDirectory("completions")
        let script = URL(filePath: #filePath).appending(path: "../../../scripts/completions").standardized.path
        let ending = try runProgram(script, [ScorerProgram.path, directory.path])
        #expect(ending.status == 0, "\(ending.errors)")
        let text = String(decoding: try contents(of: directory.file(name)), as: UTF8.self)
        for word in ["serve", "backup", "tokens", "config"] { #expect(text.contains(word)) }
        let check = try runProgram(shell, ["-n", directory.file(name)])
        #expect(check.status == 0 && check.errors.isEmpty, "\(check.errors)")
    }

    @Test("of bash complete subcommands of groups, and files where a file is meant")
    func bash() throws {
        let directory = try TemporaryDirectory("completions")
        try directory.write([], to: "mine.toml")
        let words = { (words: [String]) in
            let script = """
                source <(\(ScorerProgram.path) --generate-completion-script bash)
                COMP_WORDS=(\(words.joined(separator: " "))) COMP_CWORD=\(words.count - 1)
                COMP_LINE="${COMP_WORDS[*]}" COMP_POINT=${#COMP_LINE}
                _posture-scorer posture-scorer "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
                printf '%s\\n' "${COMPREPLY[@]}"
                """
            return try runProgram("bash", ["-c", script]).output
        }
        #expect(try words(["posture-scorer", "ca", "rem"]) == "remove\n")
        for before in [["serve", "--config"], ["ca", "add", "Corp"], ["backup", "create"]] {
            #expect(
                try words(["posture-scorer"] + before + ["\(directory.path)/mi"]) == "\(directory.path)/mine.toml\n"
            )
        }
    }
}
