import CurlBridge
import PostureModel
import ScorerTestSupport
import Testing

@Suite("The operators' listener")
struct OperatorRouteTests {
    struct Page: Decodable {
        struct Device: Decodable {
            var device: DeviceID
            var registeredAt: Timestamp
            var receivedAt: Timestamp?
            private enum CodingKeys: String, CodingKey {
                case device
                case registeredAt = "registered_at"
                case receivedAt = "received_at"
            }
        }
        var devices: [Device]
    }

    func get(_ scorer: ScorerHarness, _ path: String) async throws -> HTTPResponse {
        try await scorer.get(scorer.operators + path, headers: [("Authorization", "Bearer \(scorer.operatorToken)")])
    }

    @Test("answers nobody without the operator token, on any of its paths")
    func forbidden() async throws {
        try await ScorerHarness.run { scorer in
            let device = try await scorer.newDevice()
            let token = scorer.operatorToken
            let headers = [
                nil, "", "Bearer", "Bearer ", token, "bearer \(token)", "Bearer \(token)a",
                "Bearer \(token.dropLast())", "Bearer \(scorer.metricsToken)",
                "Bearer  \(token)", "Basic \(token)", "Bearer \(try TestTeam.token())",
            ]
            for path in [
                "/v1/devices", "/v1/devices/\(device.id)", "/v1/devices/nobody", "/v1/inventory", "/v1/tokens",
                "/v1/audit", "/v1/status", "/v1/conflicts", "/v1/clones", "/v1/unmatched",
                "/v1/certificates",
            ] {
                for header in headers {
                    let given = header.map { [(name: "Authorization", value: $0)] } ?? []
                    let response = try await scorer.get(scorer.operators + path, headers: given)
                    #expect(response.isProblem(.forbidden), "\(path) \(header ?? "no header")")
                    #expect(!response.text.contains(device.id.rawValue) && !response.text.contains(token))
                }
            }
        }
    }

    @Test("changes nothing for nobody without the operator token")
    func forbiddenChanges() async throws {
        try await ScorerHarness.run { scorer in
            let device = try await scorer.newDevice()
            let before = try scorer.everything()
            let body = #"{"reason": "r", "until": "7d", "items": [{"serial": "PF0FAKE1"}]}"#
            for (verb, path) in [
                (.delete, "devices/\(device.id)"), (.put, "devices/\(device.id)/block"),
                (.delete, "devices/\(device.id)/block"), (.put, "devices/\(device.id)/waivers/swap_protected"),
                (.delete, "devices/\(device.id)/waivers/swap_protected"), (.put, "inventory"), (.patch, "inventory"),
                (.post, "tokens"), (.patch, "warp-ids"), (.put, "devices/\(device.id)/tags/a"),
                (.delete, "devices/\(device.id)/tags/a"), (.put, "devices/\(device.id)/identifiers/warp-id/w"),
                (.delete, "devices/\(device.id)/identifiers/warp-id/w"), (.put, "devices/\(device.id)/replacement"),
                (.delete, "devices/\(device.id)/notices"), (.post, "devices/\(device.id)/resolve-conflicts"),
                (.delete, "tokens/aaaaaaaa"), (.post, "certificates"), (.delete, "certificates/\(scorer.ca)"),
            ] as [(Verb, String)] {
                let response = try await scorer.operate(verb, "/v1/\(path)", body, token: scorer.metricsToken)
                #expect(response.isProblem(.forbidden), "\(path)")
            }
            #expect(try scorer.everything() == before)
        }
    }

    @Test("lists devices, and shows one with its reasons")
    func listAndShow() async throws {
        try await ScorerHarness.run { scorer in
            let (first, second) = (try await scorer.newDevice(), try await scorer.newDevice())
            #expect(try await scorer.report(first).status == 200)
            let page = try await get(scorer, "/v1/devices").decoded(as: Page.self)
            #expect(page.devices.map(\.device.rawValue) == [first, second].map(\.id.rawValue).sorted())
            #expect(page.devices.first { $0.device == first.id }?.receivedAt?.seconds == TestClock.start.seconds)
            #expect(page.devices.first { $0.device == second.id }?.receivedAt == nil)

            let shown = try await get(scorer, "/v1/devices/\(first.id)")
            #expect(try shown.decoded(as: ReportAnswer.self).score.value == 30)
            let silent = try await get(scorer, "/v1/devices/\(second.id)")
            #expect(silent.status == 200 && !silent.text.contains("score"), "it has not reported")
            for id in ["self", "nobody", String(repeating: "A", count: 43), "%2e%2e"] {
                #expect(try await get(scorer, "/v1/devices/\(id)").isProblem(.notFound), "\(id)")
            }
        }
    }

    @Test("lists a hundred devices a page")
    func pages() async throws {
        try await ScorerHarness.run { scorer in
            let token = try await scorer.token(uses: 101)
            for _ in 0..<101 { #expect(try await scorer.register(try TestDevice(), token: token).status == 201) }
            let first = try await get(scorer, "/v1/devices").decoded(as: Page.self).devices
            #expect(first.count == 100)
            let last = try #require(first.last)
            let rest = try await get(scorer, "/v1/devices?after=\(last.device)").decoded(as: Page.self).devices
            #expect(rest.count == 1)
            #expect(Set((first + rest).map(\.device)).count == 101)
        }
    }

    @Test("is not to be reached on the agents' port, and agents and Cloudflare not on its own")
    func separation() async throws {
        try await ScorerHarness.run { scorer in
            let device = try await scorer.newDevice()
            #expect(try await scorer.report(device).status == 200)
            let headers = [(name: "Authorization", value: "Bearer \(scorer.operatorToken)")]
            for path in ["/v1/devices", "/v1/devices/\(device.id)"] {
                let response = try await scorer.get(scorer.agents + path, headers: headers)
                #expect((400..<500).contains(response.status))
                #expect(!response.text.contains("score"))
            }
            for path in ["/v1/reports", "/v1/devices", "/v1/devices/self", "/v1/cloudflare/posture"] {
                let response = try await scorer.http.send(HTTPRequest(.post, scorer.operators + path, headers: headers))
                #expect((400..<500).contains(response.status), "\(path)")
            }
            #expect(try await scorer.get("\(scorer.operators)/v1/nonce", headers: headers).status == 404)
        }
    }
}
