import CurlBridge
import PostureModel
import ScorerTestSupport
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerCore

@Suite("The inventory, the tokens and the audit on the operators' listener")
struct DecisionRouteTests {
    struct Items: Decodable {
        struct Item: Decodable, Equatable {
            var serial: String
            var certificate_name: String?
            var tag: String?
            var warp_id: String?
        }
        var items: [Item]
    }

    struct Token: Decodable {
        var token: String?
        var hash: String
        var expires_at: Timestamp
        var uses_left: Int
        var created_by: String?
    }

    struct Entries: Decodable {
        struct Entry: Decodable {
            var id: String
            var at: Timestamp
            var actor: String
            var action: String
            var subject: String
            var detail: String
        }
        var entries: [Entry]
    }

    func put(_ scorer: ScorerHarness, _ body: String, as type: String, _ verb: Verb = .put) async throws -> HTTPResponse
    {
        try await scorer.operate(verb, "/v1/inventory", body, type: type)
    }

    @Test("take an inventory as CSV or JSON, replacing or adding, and show it")
    func inventory() async throws {
        try await ScorerHarness.run { scorer in
            let csv = try await put(scorer, "serial,tag,room\nPF0FAKE1,sales,1\n", as: "text/csv; charset=utf-8")
            #expect(csv.status == 200 && csv.text == #"{"ignored_columns":["room"],"imported":1}"#)
            let json =
                #"{"items": [{"serial": "PF0FAKE2", "certificate_name": "laptop-2.acme.test", "warp_id": "W-2"}]}"#
            #expect(try await put(scorer, json, as: "application/json", .patch).status == 200)
            let all = [
                Items.Item(serial: "pf0fake1", certificate_name: nil, tag: "sales"),
                Items.Item(serial: "pf0fake2", certificate_name: "laptop-2.acme.test", tag: nil, warp_id: "w-2"),
            ]
            #expect(try await scorer.operate(.get, "/v1/inventory").decoded(as: Items.self).items == all)
            let rest = try await scorer.operate(.get, "/v1/inventory?after=pf0fake1").decoded(as: Items.self)
            #expect(rest.items == [all[1]])

            for (body, type, words) in [
                ("serial\nNone\n", "text/csv", "line 2, column 1 (serial)"),
                (#"{"items": [{"serial": "PF0FAKE3"}, {"serial": "None"}]}"#, "application/json", "items.1.serial"),
                ("serial\nPF0FAKE3\n", "application/json", "is not JSON"), (#"{"items": []}"#, "", "no machine"),
            ] {
                let response = try await put(scorer, body, as: type)
                #expect(response.isProblem(.malformed) && response.text.contains(words), "\(response.text)")
            }
            #expect(try await scorer.operate(.get, "/v1/inventory").decoded(as: Items.self).items == all)
            #expect(try await put(scorer, json, as: "application/json").status == 200)
            #expect(try await scorer.operate(.get, "/v1/inventory").decoded(as: Items.self).items == [all[1]])
        }
    }

    @Test("make a token that lets devices in, list it without itself, and revoke it")
    func tokens() async throws {
        try await ScorerHarness.run { scorer in
            let made = try await scorer.operate(.post, "/v1/tokens", #"{"uses": 2, "expires_in": "1h"}"#)
            #expect(made.status == 201)
            let token = try made.decoded(as: Token.self)
            let secret = try #require(token.token)
            #expect(token.uses_left == 2 && token.expires_at.seconds == TestClock.start.seconds + 3600)
            #expect(try await scorer.register(TestDevice(), token: secret).status == 201)

            struct List: Decodable { var tokens: [Token] }
            let list = try await scorer.operate(.get, "/v1/tokens")
            let listed = try #require(list.decoded(as: List.self).tokens.first)
            #expect(listed.hash == token.hash && listed.uses_left == 1 && listed.created_by == "operator token")
            #expect(!list.text.contains(secret))

            #expect(try await scorer.operate(.delete, "/v1/tokens/\(token.hash.prefix(7))").isProblem(.malformed))
            #expect(try await scorer.operate(.delete, "/v1/tokens/\(token.hash.prefix(8))").status == 200)
            #expect(try await scorer.operate(.delete, "/v1/tokens/\(token.hash)").isProblem(.notFound))
            #expect(try await scorer.register(TestDevice(), token: secret).isProblem(.enrolmentRefused))
            for body in [
                "", "[", #"{"uses": 0}"#, #"{"expires_in": "366d"}"#, #"{"expires_in": "0s"}"#, #"{"expires_in": 24}"#,
                #"{"uses": "1"}"#,
            ] {
                #expect(try await scorer.operate(.post, "/v1/tokens", body).isProblem(.malformed), "\(body)")
            }
            #expect(!scorer.log.all.contains { $0.contains(secret) })

            let device = try await scorer.newDevice()
            let replacing = try await scorer.operate(.post, "/v1/tokens", #"{"replaces": "\#(device.id)"}"#)
            #expect(replacing.status == 201 && replacing.text.contains(#""replaces":"\#(device.id)""#))
            let many = #"{"uses": 2, "replaces": "\#(device.id)"}"#
            #expect(try await scorer.operate(.post, "/v1/tokens", many).isProblem(.malformed))
            #expect(try await scorer.operate(.post, "/v1/tokens", #"{"replaces": "nobody"}"#).isProblem(.notFound))
        }
    }

    @Test("have every change, with who made it, in pages")
    func audit() async throws {
        try await ScorerHarness.run { scorer in
            let device = try await scorer.newDevice()
            let path = "/v1/devices/\(device.id)"
            let issuing = try TestCorp.shared().issuing.pem
            let uploaded = try await scorer.operate(.post, "/v1/certificates", CertificateRouteTests.body(issuing))
            let ca = try uploaded.decoded(as: Envelope<ShownCertificate>.self).result.id
            let token = try await scorer.operate(.post, "/v1/tokens", "{}").decoded(as: Token.self).hash
            let inventory = #"{"items": [{"serial": "PF0FAKE1"}]}"#
            for (method, path, body) in [
                (.put, "\(path)/block", #"{"reason": "lost"}"#), (.delete, "\(path)/block", ""),
                (.put, "\(path)/waivers/swap_protected", #"{"until": "7d", "reason": "w"}"#),
                (.delete, "\(path)/waivers/swap_protected", ""),
                (.put, "/v1/inventory", inventory), (.delete, "/v1/tokens/\(token)", ""),
                (.delete, "/v1/certificates/\(ca)", ""), (.delete, path, ""),
            ] as [(Verb, String, String)] {
                #expect(try await scorer.operate(method, path, body).status == 200, "\(path)")
            }
            let entries = try await scorer.operate(.get, "/v1/audit").decoded(as: Entries.self).entries
            let mine = entries.filter { $0.actor == "operator token" }
            #expect(
                mine.map(\.action) == [
                    "device.delete", "ca.remove", "token.revoke", "inventory.import", "waiver.remove", "waiver.add",
                    "device.unblock", "device.block", "token.create", "ca.add",
                ]
            )
            #expect(mine.filter { $0.action.hasPrefix("device.") }.allSatisfy { $0.subject == device.id.rawValue })
            #expect(mine.first { $0.action == "device.block" }?.detail.hasPrefix("lost (device, device key") == true)
            #expect(mine.first { $0.action == "token.revoke" }?.subject == token)
            #expect(mine.filter { $0.action.hasPrefix("ca.") }.map(\.subject) == [ca, ca])
            // Whatever was changed is in the log too, with who changed it.
            let logged = scorer.log.all.filter { $0.hasPrefix("notice") && $0.contains("operator token") }
            #expect(logged.count == mine.count, "\(logged)")
            let before = try #require(entries.first?.id)
            let rest = try await scorer.operate(.get, "/v1/audit?before=\(before)").decoded(as: Entries.self).entries
            #expect(rest.map(\.id) == entries.dropFirst().map(\.id))
        }
    }
}
