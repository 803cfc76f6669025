import Foundation
import TestSupport
import Testing

@testable import Scoring

@Suite("A rule is documented")
struct DocumentationTests {
    func document(_ path: String) throws -> Data {
        try Data(contentsOf: URL(filePath: #filePath).appending(path: "../../../\(path)").standardizedFileURL)
    }

    @Test("in the manual, in the example and in the guide", arguments: Rule.Name.allCases)
    func texts(name: Rule.Name) throws {
        let manual = String(decoding: try document("docs/man/policy.toml.5"), as: UTF8.self)
        #expect(manual.contains("\n.It Va \(name.rawValue)\n"))
        let example = try manualKeys(page: "policy.toml.5", example: "policy.toml")
        #expect(example.all.contains(name.rawValue) && example.missing == [])
        let guide = String(decoding: try document("docs/policy.md"), as: UTF8.self)
        #expect(guide.contains("\n| `\(name.rawValue)` | "))
    }

    @Test(
        "beside it what links rows, what certificates are worth and who may register",
        arguments: [
            "warp_match", "serial_match", "shared_macs", "shared_hostnames", "devices_per_certificate", "crl_grace",
            "by_certificate", "per_certificate",
        ]
    )
    func keys(key: String) throws {
        let example = try manualKeys(page: "policy.toml.5", example: "policy.toml")
        #expect(example.all.count { $0 == key } == 1 && example.missing == [])
    }

    @Test("and nothing that no longer is", arguments: ["serial_cap", "serial_contradicts", "matching.md"])
    func gone(word: String) throws {
        for path in ["docs/man/policy.toml.5", "docs/policy.md", "packaging/examples/policy.toml"] {
            #expect(!String(decoding: try document(path), as: UTF8.self).contains(word), "\(path)")
        }
    }

    @Test("in the description of the HTTP API, by which operators waive it")
    func openAPI() throws {
        struct Description: Decodable {
            struct Components: Decodable { let schemas: Schemas }
            struct Schemas: Decodable {
                let rule: Words
                private enum CodingKeys: String, CodingKey { case rule = "Rule" }
            }
            struct Words: Decodable { let `enum`: [String] }
            let components: Components
        }
        let description = try JSONDecoder().decode(Description.self, from: document("docs/openapi.json"))
        #expect(description.components.schemas.rule.enum == Rule.Name.allCases.map(\.rawValue))
    }
}
