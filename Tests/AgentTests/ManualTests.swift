import Foundation
import TestSupport
import Testing

@Suite("The manual", .timeLimit(.minutes(5)))
struct ManualTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        .standardizedFileURL.path
    private static let pages = ["postured.8", "postured.toml.5"]

    @Test("describes every subcommand and every option")
    func commands() throws {
        let page = try Self.text("docs/man/postured.8")
        let help = try runProgram(TestMachine.postured, ["--experimental-dump-help"]).output
        let dump = try JSONDecoder().decode(Dump.self, from: Data(help.utf8))
        let commands = dump.command.subcommands ?? []
        #expect(commands.count >= 10)
        for command in commands {
            #expect(page.contains("\n.It Cm \(command.commandName)\n"), "\(command.commandName)")
            for name in (command.arguments ?? []).flatMap({ $0.names ?? [] }) {
                let flag = name.kind == "long" ? "Fl -\(name.name)" : "Fl \(name.name)"
                let isThere = page.split(separator: "\n").contains { line in
                    line.hasPrefix(".It ")
                        && line.split(separator: ",").contains { item in
                            let words = item.split(separator: " ").drop { $0 == ".It" }.prefix(2)
                            return words.joined(separator: " ") == flag
                        }
                }
                // 'help -help' is the parser's own.
                #expect(isThere || command.commandName == "help", "\(command.commandName): \(flag)")
            }
        }
    }

    @Test("describes nothing that is not there")
    func nothingElse() throws {
        let help = try runProgram(TestMachine.postured, ["--experimental-dump-help"]).output
        let dump = try JSONDecoder().decode(Dump.self, from: Data(help.utf8))
        let arguments = (dump.command.subcommands ?? []).flatMap { $0.arguments ?? [] }
        var names = Set(arguments.flatMap { $0.names ?? [] }.filter { $0.kind == "long" }.map(\.name))
        names.insert("generate-completion-script")
        for line in try Self.text("docs/man/postured.8").split(separator: "\n") where line.hasPrefix(".It Fl -") {
            let name = String(line.dropFirst(".It Fl -".count).prefix { $0 != " " })
            #expect(names.contains(name), "\(name)")
        }
    }

    @Test("describes every key of the configuration")
    func keys() throws {
        let page = try Self.text("docs/man/postured.toml.5")
        let keys = try Self.text("packaging/examples/postured.toml").split(separator: "\n").compactMap { line in
            line.drop { $0 == "#" || $0 == " " }.wholeMatch(of: /([a-z_]+) = .*/).map { String($0.1) }
        }
        #expect(keys.count >= 15)
        for key in keys { #expect(page.contains("\n.It Va \(key)\n"), "\(key)") }
    }

    @Test("has a form that groff and mandoc do not complain of", arguments: pages)
    func form(page: String) throws {
        let path = "\(Self.root)/docs/man/\(page)"
        for tool in [["groff", "-mandoc", "-z", "-ww", "-Tutf8"], ["mandoc", "-Tlint", "-Wwarning"]] {
            // env(1) says 127 where there is no such program.
            let ending = try runProgram(tool[0], tool.dropFirst() + [path])
            #expect(ending.status == 127 || (ending.output + ending.errors).isEmpty, "\(ending.output)\(ending.errors)")
        }
    }

    private static func text(_ path: String) throws -> String {
        String(decoding: try contents(of: "\(root)/\(path)"), as: UTF8.self)
    }

    private struct Dump: Decodable {
        var command: Command

        struct Command: Decodable {
            var commandName: String
            var subcommands: [Command]?
            var arguments: [Argument]?
        }

        struct Argument: Decodable {
            var names: [Name]?
        }

        struct Name: Decodable {
            var kind: String
            var name: String
        }
    }
}
