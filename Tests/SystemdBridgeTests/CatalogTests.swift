import Foundation
import TestSupport
import Testing

@testable import SystemdBridge

/// `journalctl` itself compiles and shows it: the format is whatever that takes.
@Suite("The catalogue of messages")
struct CatalogTests {
    let root: TemporaryDirectory

    init() throws {
        root = try TemporaryDirectory("catalog")
        let repository = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        for directory in ["usr/lib/systemd/catalog", "var/lib/systemd/catalog"] {
            try FileManager.default.createDirectory(atPath: root.file(directory), withIntermediateDirectories: true)
        }
        for program in Set(MessageID.allCases.map(\.catalog)) {
            let catalog = try Data(contentsOf: repository.appending(path: "packaging/journal/\(program).catalog"))
            try root.write(catalog, to: "usr/lib/systemd/catalog/\(program).catalog")
        }
        try runTool("journalctl", ["--root", root.path, "--update-catalog"])
    }

    /// Each entry's text, headers included, by its id.
    func entries() throws -> [String: String] {
        let dump = try runTool("journalctl", ["--root", root.path, "--dump-catalog"]).text
        let parts = "\n\(dump)".components(separatedBy: "\n-- ").dropFirst()
        return Dictionary(uniqueKeysWithValues: parts.map { (String($0.prefix(32)), String($0.dropFirst(32))) })
    }

    @Test("has an entry for every message, and for no other")
    func complete() throws {
        #expect(try Set(entries().keys) == Set(MessageID.allCases.map(\.rawValue)))
    }

    @Test("says in every entry what it is, where to read on and whom to ask", arguments: MessageID.allCases)
    func headers(id: MessageID) throws {
        let entry = try #require(entries()[id.rawValue])
        for header in ["\nSubject: ", "\nDefined-By: \(id.catalog)\n", "\nSupport: ", "\nDocumentation: man:"] {
            #expect(entry.contains(header))
        }
        let text = try #require(entry.range(of: "\n\n")).upperBound
        #expect(entry[text...].count > 50)
    }

    @Test("shows the fields that the message has, and no other", arguments: MessageID.allCases)
    func fields(id: MessageID) throws {
        let entry = try #require(entries()[id.rawValue])
        let shown = Set(entry.matches(of: /@([A-Z0-9_]+)@/).map { String($0.output.1) })
        #expect(shown == Set(id.fields.map { "POSTURED_\($0.uppercased())" }))
    }
}
