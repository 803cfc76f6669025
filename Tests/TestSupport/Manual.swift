import Foundation

/// A program and the page of the manual that describes it.
package struct Manual {
    private let page: [String]
    private let dump: Dump

    /// Reads the page of `docs/man`, and asks the program what it takes.
    package init(page: String, program: String) throws {
        self.page = try manualPage(page)
        let help = try runProgram(program, ["--experimental-dump-help"]).output
        dump = try JSONDecoder().decode(Dump.self, from: Data(help.utf8))
    }

    /// The subcommands, those of groups too: `ca add`.
    package var subcommands: [String] { leaves.map(\.name) }

    /// What the program takes and the page does not describe.
    package var missing: [String] {
        leaves.flatMap { name, command -> [String] in
            let isDescribed = page.contains { $0 == ".It Cm \(name)" || $0.hasPrefix(".It Cm \(name) Ar ") }
            // 'help -help' is the parser's own.
            let options = name == "help" ? [] : command.options.filter { !described.contains($0) }
            return (isDescribed ? [] : [name]) + options.map { "\(name): \($0)" }
        }
    }

    /// The long options that the page describes and the program does not take.
    package var extra: [String] {
        let known = Set(leaves.flatMap(\.command.options) + ["Fl -generate-completion-script"])
        return described.filter { $0.hasPrefix("Fl -") && !known.contains($0) }.sorted()
    }

    /// The options of the page: `Fl -json`, `Fl h`.
    private var described: Set<String> {
        let items = page.filter { $0.hasPrefix(".It ") }.flatMap { $0.dropFirst(".It ".count).split(separator: ",") }
        return Set(
            items.map { $0.split(separator: " ").prefix(2).joined(separator: " ") }.filter { $0.hasPrefix("Fl ") }
        )
    }

    private var leaves: [(name: String, command: Dump.Command)] {
        func leaves(of command: Dump.Command, _ prefix: String) -> [(name: String, command: Dump.Command)] {
            guard let subcommands = command.subcommands, !subcommands.isEmpty else { return [(prefix, command)] }
            return subcommands.flatMap {
                leaves(of: $0, prefix.isEmpty ? $0.commandName : "\(prefix) \($0.commandName)")
            }
        }
        // Each group has a 'help' of its own, which is the program's.
        return leaves(of: dump.command, "").filter { !$0.name.hasSuffix(" help") }
    }

    private struct Dump: Decodable {
        var command: Command

        struct Command: Decodable {
            var commandName: String
            var subcommands: [Command]?
            var arguments: [Argument]?

            /// In the words of the page.
            var options: [String] {
                (arguments ?? []).flatMap { $0.names ?? [] }.map {
                    $0.kind == "long" ? "Fl -\($0.name)" : "Fl \($0.name)"
                }
            }
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

/// The keys of an example of `packaging/examples`, and those of them that a page of the manual does not describe.
package func manualKeys(page: String, example: String) throws -> (all: [String], missing: [String]) {
    let lines = try manualPage(page)
    let keys = try exampleLines(example).compactMap { line in
        line.drop { $0 == "#" || $0 == " " }.wholeMatch(of: /([a-z_]+) = .*/).map { String($0.1) }
    }
    return (keys, keys.filter { !lines.contains(".It Va \($0)") })
}

/// What groff and mandoc complain of; a tool that is missing is a complaint.
package func manualComplaints(page: String) throws -> String {
    try [["groff", "-mandoc", "-z", "-ww", "-Tutf8"], ["mandoc", "-Tlint", "-Wwarning"]].map { tool in
        let ending = try runProgram(tool[0], tool.dropFirst() + [manualPath(page)])
        return ending.output + ending.errors
    }.joined()
}

private func manualPage(_ name: String) throws -> [String] {
    String(decoding: try contents(of: manualPath(name)), as: UTF8.self).split(separator: "\n").map(String.init)
}

private func manualPath(_ name: String) -> String {
    URL(filePath: #filePath).appending(path: "../../../docs/man/\(name)").standardized.path
}
