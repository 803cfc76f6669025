import Foundation
import TestSupport
import Testing

@testable import Daemon

@Suite("docs/status.md")
struct StatusDocumentTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        .standardizedFileURL.path

    @Test(
        "names every key",
        arguments: [
            "Daemon/AgentStatus.swift", "Agent/Host/MachineView.swift", "Agent/Certificates/CheckSummary.swift",
            "Agent/Certificates/CandidateVerdict.swift",
            "PostureModel/Score.swift", "PostureModel/RuleResult.swift", "Doctor/Diagnosis.swift",
        ]
    )
    func keys(file: String) throws {
        let document = try Self.text("docs/status.md")
        let keys = Self.keys(in: try Self.text("Sources/\(file)"))
        #expect(keys.count >= 4, "\(keys)")
        for key in keys {
            let isThere = ["`\(key)`", "\"\(key)\"", "`score.\(key)`"].contains { document.contains($0) }
            #expect(isThere, "\(key)")
        }
    }

    @Test("names every question, and its version")
    func questions() throws {
        let document = try Self.text("docs/status.md")
        for question in StatusQuestion.allCases { #expect(document.contains("\n| `\(question.rawValue)` |")) }
        #expect(document.contains("{\"version\": \(StatusRequest.version), \"question\": \"status\"}"))
    }

    /// The keys of a file's documents: those of its `CodingKeys`, or else its stored properties.
    private static func keys(in source: String) -> [String] {
        let blocks = source.components(separatedBy: "enum CodingKeys: String, CodingKey {").dropFirst()
        let cases = blocks.flatMap { block in
            block.prefix { $0 != "}" }.split(separator: "\n").flatMap { line in
                line.matches(of: /\bcase (.+)/).flatMap { $0.1.split(separator: ",") }.map { entry in
                    let parts = entry.split(separator: "=").map { $0.trimmingCharacters(in: .whitespaces) }
                    return (parts.last ?? "").trimmingCharacters(in: ["\""])
                }
            }
        }
        guard cases.isEmpty else { return cases }
        return source.matches(of: /(?:public|package) (?:internal\(set\) )?(?:var|let) (\w+): [^{\n]+\n/).map {
            String($0.1)
        }
    }

    private static func text(_ path: String) throws -> String {
        String(decoding: try contents(of: "\(root)/\(path)"), as: UTF8.self)
    }
}
