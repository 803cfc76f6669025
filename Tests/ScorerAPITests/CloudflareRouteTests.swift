import CurlBridge
import PostureModel
import Scoring
import TestSupport
import Testing

@Suite("Cloudflare's question")
struct CloudflareRouteTests {
    let url = "/v1/cloudflare/posture"

    @Test("without a good token is answered 403, in the same words whatever is wrong")
    func forbidden() async throws {
        try await ScorerHarness.run { scorer in
            let device = try await scorer.newDevice()
            #expect(try await scorer.report(device, device.report(warpIDs: ["warp-1"])).status == 200)
            let none = try await scorer.http.send(
                HTTPRequest(.post, scorer.agents + url, body: Array(#"{"devices":[{"device_id":"warp-1"}]}"#.utf8))
            )
            #expect(none.isProblem(.forbidden))
            let expected = #"{"status":403,"title":"forbidden","type":"urn:postured:problem:forbidden"}"#
            #expect(none.text == expected)
            for bad in try BadToken.all() where bad.fitsHeader {
                for body in [#"{"devices":[{"device_id":"warp-1"}]}"#, "not JSON"] {
                    let response = try await scorer.ask(body, token: bad.text)
                    #expect(response.status == 403, "\(bad.name)")
                    #expect(response.text == expected, "\(bad.name)")
                    #expect(response.headers["replay-nonce"] == nil)
                }
            }
            let cookie = [(name: "Cookie", value: "CF_Authorization=\(try TestTeam.token())")]
            #expect(try await scorer.get(scorer.agents + url, headers: cookie).status == 403)
        }
    }

    @Test(
        "about no device has no answer, in any form that it may have",
        arguments: [
            "", "{}", #"{"devices":[]}"#, #"{"devices":null}"#, #"{"Devices":[]}"#, #"{"devices":{"devices":[]}}"#,
        ]
    )
    func noDevices(body: String) async throws {
        try await ScorerHarness.run { scorer in
            let response = try await scorer.ask(body)
            #expect(response.status == 200)
            #expect(response.text == #"{"result":{}}"#)
        }
    }

    @Test("is answered by the WARP id, by the serial number, and with 0 where nobody is known")
    func matching() async throws {
        try await ScorerHarness.run { scorer in
            let (known, silent) = (try await scorer.newDevice(), try await scorer.newDevice())
            let corp = try TestCorp.shared()
            let first = known.report(serial: "PF0FAKE1", warpIDs: ["WARP-1", "registration-1"])
            let proof = try corp.proof(by: corp.leaf)
            #expect(try await scorer.report(known, first, proofs: [proof]).status == 200)
            #expect(try await scorer.report(silent, silent.report(serial: "PF0FAKE2")).status == 200)
            let response = try await scorer.ask(
                """
                {"devices": [
                    {"device_id": "warp-1", "serial_number": "", "email": "a@acme.test", "new_field": [1, {}]},
                    {"device_id": "registration-1"},
                    {"device_id": "strange-1", "serial_number": "PF0FAKE1"},
                    {"device_id": "strange-2", "serial_number": " pf0fake2 ", "mac_address": null, "hostname": 7},
                    {"device_id": "strange-3", "serial_number": "PF0FAKE2", "mac_address": "00-00-5e-00-53-01",
                     "hostname": "somebody-else"},
                    {"device_id": "strange-4", "serial_number": "PF0FAKE2", "mac_address": "00-00-5e-00-53-01",
                     "hostname": "LAPTOP-1.acme.test"},
                    {"device_id": "nobody", "serial_number": "Default string"}
                ]}
                """
            )
            #expect(response.status == 200)
            #expect(
                try response.decoded(as: PostureResult.self).result == [
                    "warp-1": .init(s2sID: known.id.rawValue, score: 100),
                    "registration-1": .init(s2sID: known.id.rawValue, score: 100),
                    "strange-1": .init(s2sID: "", score: 0),
                    "strange-2": .init(s2sID: silent.id.rawValue, score: 30),
                    "strange-3": .init(s2sID: "", score: 0),
                    "strange-4": .init(s2sID: silent.id.rawValue, score: 30),
                    "nobody": .init(s2sID: "", score: 0),
                ]
            )
            scorer.clock.advance(seconds: 86_400)
            let late = try await scorer.ask(
                #"{"devices":[{"device_id":"warp-1"}]}"#,
                token: try TestTeam.token(at: scorer.clock.now)
            )
            #expect(try late.decoded(as: PostureResult.self).result["warp-1"]?.score == 0)
        }
    }

    @Test(
        "about a serial number alone is worth what the policy says",
        arguments: [
            (Policy.SerialMatch.full, "laptop-1", 30), (.full, "", 7), (.capped, "laptop-1", 7),
            (.never, "laptop-1", 0),
        ]
    )
    func serialMatch(worth: Policy.SerialMatch, host: String, score: Int) async throws {
        var policy = Policy.standard
        policy.matching.serialMatch = worth
        policy.matching.serialCap = 7
        try await ScorerHarness.run(policy: policy) { scorer in
            let device = try await scorer.newDevice()
            #expect(try await scorer.report(device).status == 200)
            let row = #"{"device_id":"w","serial_number":"PF0FAKE1","hostname":"\#(host)"}"#
            let response = try await scorer.ask(#"{"devices":[\#(row)]}"#)
            let entry = try response.decoded(as: PostureResult.self).result["w"]
            #expect(entry?.score == score)
            #expect(entry?.s2sID == (worth == .never ? "" : device.id.rawValue))
        }
    }

    @Test("about a thousand devices is answered for each of them, and about one more is refused")
    func thousand() async throws {
        try await ScorerHarness.run { scorer in
            let device = try await scorer.newDevice()
            #expect(try await scorer.report(device, device.report(warpIDs: ["warp-500"])).status == 200)
            func body(_ count: Int) -> String {
                let devices = (1...count).map { #"{"device_id":"warp-\#($0)","serial_number":"UNKNOWN-\#($0)"}"# }
                return #"{"devices":[\#(devices.joined(separator: ","))]}"#
            }
            let response = try await scorer.ask(body(1000))
            #expect(response.status == 200)
            let result = try response.decoded(as: PostureResult.self).result
            #expect(Set(result.keys) == Set((1...1000).map { "warp-\($0)" }))
            #expect(result.filter { $0.value.score > 0 } == ["warp-500": .init(s2sID: device.id.rawValue, score: 30)])
            #expect(try await scorer.ask(body(1001)).isProblem(.tooManyDevices))
        }
    }

    @Test("by GET or HEAD is a test of the token")
    func getAndHead() async throws {
        try await ScorerHarness.run { scorer in
            let headers = [(name: "Cf-Access-Jwt-Assertion", value: try TestTeam.token())]
            let response = try await scorer.get(scorer.agents + url, headers: headers)
            #expect(response.status == 200)
            #expect(response.text == #"{"result":{}}"#)
            let assertion = "Cf-Access-Jwt-Assertion: \(headers[0].value)"
            #expect(try await scorer.curl("--head", "-H", assertion, scorer.agents + url).hasPrefix("HTTP/1.1 200"))
            #expect(try await scorer.curl("--head", scorer.agents + url).hasPrefix("HTTP/1.1 403"))
        }
    }
}
