import CurlBridge
import Foundation
import Hummingbird
import PostureModel
import ScorerTestSupport
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerCore
@testable import ScorerHTTP
@testable import ScorerModel
@testable import Scoring

/// That the running scorer answers as the document says is the work of `scripts/check-api`.
@Suite("docs/openapi.json", .timeLimit(.minutes(5)))
struct OpenAPITests {
    let document: OpenAPI

    init() throws {
        let path = URL(filePath: #filePath).appending(path: "../../../docs/openapi.json").standardized
        document = try JSONDecoder().decode(OpenAPI.self, from: Data(contentsOf: path))
    }

    @Test("has every route of each listener, and none that is not there")
    func routes() throws {
        let server = try ScorerHarness.idle()
        let listeners = [
            ("http://127.0.0.1:8080", server.publicRouter()), ("http://127.0.0.1:8081", server.operatorRouter()),
        ]
        for (url, router) in listeners {
            let routes = Set(router.routes.map { "\($0.method.rawValue) \(Self.template("\($0.path)"))" })
            let written = document.paths.flatMap { path, operations in
                operations.filter { $0.value.servers.map(\.url).contains(url) }.map { "\($0.key.uppercased()) \(path)" }
            }
            #expect(routes.count >= 9)
            #expect(routes.subtracting(written) == [], "the document lacks them")
            #expect(Set(written).subtracting(routes) == [], "the scorer lacks them")
        }
        let ids = document.paths.values.flatMap { $0.values.map(\.operationId) }
        #expect(Set(ids).count == ids.count)
    }

    @Test("has every kind of problem and its status, and for every status the one response")
    func problems() throws {
        let problem = try schema("Problem")
        #expect(problem.properties?["type"]?.words == Problem.Kind.allCases.map(\.uri))
        #expect(problem.properties?["status"]?.numbers == Set(Problem.Kind.allCases.map(\.status)).sorted())
        let statuses = document.components.responses.values.flatMap { response in
            response.content.values.flatMap { $0.schema.allOf ?? [] }.compactMap { $0.properties?["status"]?.const }
        }
        #expect(statuses.sorted() == problem.properties?["status"]?.numbers)
    }

    @Test("has the words of rules, claims and the audit, and no schema that nothing meets")
    func words() throws {
        #expect(try schema("Rule").words == Rule.Name.allCases.map(\.rawValue))
        #expect(try schema("ClaimStrength").words == ClaimStrength.allCases.map(\.rawValue))
        #expect(try schema("Notice").properties?["kind"]?.words == IdentityNotice.Kind.allCases.map(\.rawValue))
        let conflict = try schema("IdentityConflict").properties?["kind"]?.words
        #expect(conflict == IdentityConflict.Kind.allCases.map(\.rawValue))
        let skipped = try schema("WARPIDImport").properties?["skipped"]?.items?.properties?["reason"]?.words
        #expect(skipped == WARPIDImport.Skipped.Reason.allCases.map(\.rawValue))
        #expect(try schema("DeviceSummary").properties?["warp_ids"]?.words == WARPReading.allCases.map(\.rawValue))
        for (name, schema) in document.components.schemas {
            let properties = Set((schema.properties ?? [:]).keys)
            #expect(properties.isSuperset(of: schema.required ?? []), "\(name) asks for what it does not have")
        }
        let actions = try schema("AuditEntry").properties?["action"]?.words ?? []
        #expect(actions.sorted() == (try Self.auditedActions()).sorted())
    }

    @Test("describes what devices are answered, which nobody can ask for who cannot sign")
    func answers() async throws {
        try await ScorerHarness.run { scorer in
            let (corp, device) = (try TestCorp.shared(), try await scorer.newDevice())
            let report = try await scorer.report(device, proofs: [corp.proof(by: corp.leaf)])
            for answer in [report, try await scorer.ownRecord(device)] {
                let object = try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
                let score = try #require(object["score"] as? [String: Any])
                let rules = try #require(score["rules"] as? [[String: Any]])
                #expect(rules.count > 1)
                try expect(object, "ReportAnswer")
                try expect(score, "Score")
                for rule in rules { try expect(rule, "RuleResult") }
            }
        }
    }

    private func schema(_ name: String) throws -> OpenAPI.Schema {
        try #require(document.components.schemas[name], "the document has no schema \(name)")
    }

    /// Expects the members that a schema asks for, and no others than it has.
    private func expect(_ object: [String: Any], _ name: String) throws {
        let (schema, keys) = (try schema(name), Set(object.keys))
        #expect(keys.isSuperset(of: schema.required ?? []), "\(name) lacks a member")
        #expect(keys.isSubset(of: Set((schema.properties ?? [:]).keys)), "\(name) has more members")
    }

    /// The names of the actions that the scorer's sources declare.
    private static func auditedActions() throws -> [String] {
        let sources = URL(filePath: #filePath).appending(path: "../../../Sources/ScorerCore").standardized
        let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
        var names: [String] = []
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift" else { continue }
            names += try String(contentsOf: file, encoding: .utf8).matches(of: /= OperatorAction\("([^"]+)"/).map {
                String($0.1)
            }
        }
        return names
    }

    /// A path of the router as the document writes it: `/a/:b` is `/a/{b}`.
    private static func template(_ path: String) -> String {
        path.split(separator: "/").map { $0.hasPrefix(":") ? "/{\($0.dropFirst())}" : "/\($0)" }.joined()
    }
}

/// What these tests read of an OpenAPI document.
struct OpenAPI: Decodable, Sendable {
    var paths: [String: [String: Operation]]
    var components: Components

    struct Operation: Decodable, Sendable {
        var operationId: String
        var servers: [Server]
    }

    struct Server: Decodable, Sendable {
        var url: String
    }

    struct Components: Decodable, Sendable {
        var responses: [String: Response]
        var schemas: [String: Schema]
    }

    struct Response: Decodable, Sendable {
        var content: [String: Media]
    }

    struct Media: Decodable, Sendable {
        var schema: Schema
    }

    /// A class, since a schema holds schemas.
    final class Schema: Decodable, Sendable {
        let required: [String]?
        let properties: [String: Schema]?
        let items: Schema?
        let allOf: [Schema]?
        /// Of `enum`, its strings or its numbers.
        let words: [String]?
        let numbers: [Int]?
        let const: Int?

        private enum CodingKeys: String, CodingKey { case required, properties, items, allOf, `enum`, const }

        init(from decoder: any Decoder) throws {
            let object = try decoder.container(keyedBy: CodingKeys.self)
            required = try object.decodeIfPresent([String].self, forKey: .required)
            properties = try object.decodeIfPresent([String: Schema].self, forKey: .properties)
            items = try object.decodeIfPresent(Schema.self, forKey: .items)
            allOf = try object.decodeIfPresent([Schema].self, forKey: .allOf)
            words = try? object.decode([String].self, forKey: .enum)
            numbers = try? object.decode([Int].self, forKey: .enum)
            const = try? object.decode(Int.self, forKey: .const)
        }
    }
}
