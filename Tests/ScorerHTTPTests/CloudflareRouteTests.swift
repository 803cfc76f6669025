import CurlBridge
import PostureModel
import ScorerTestSupport
import TestSupport
import Testing

@testable import SQLiteStore
@testable import ScorerCore
@testable import Scoring

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

    @Test(
        "is answered by the WARP id where something agrees, or by the serial number and the virtual IPv4, else with 0"
    )
    func matching() async throws {
        try await ScorerHarness.run { scorer in
            let (known, untold) = (try await scorer.newDevice(), try await scorer.newDevice())
            let corp = try TestCorp.shared()
            let first = known.report(serial: "PF0FAKE1", warpIDs: ["WARP-1", "registration-1"])
            let proof = try corp.proof(by: corp.leaf)
            #expect(try await scorer.report(known, first, proofs: [proof]).status == 200)
            let second = untold.report(serial: "PF0FAKE2", ipv4: ["100.96.0.2"])
            #expect(try await scorer.report(untold, second).status == 200)
            let response = try await scorer.ask(
                """
                {"devices": [
                    {"device_id": "warp-1", "serial_number": "", "hostname": "LAPTOP-1.acme.test", "new_field": [1, {}]},
                    {"device_id": "registration-1", "serial_number": "PF0FAKE1"},
                    {"device_id": "strange-1", "serial_number": "PF0FAKE1"},
                    {"device_id": "strange-2", "serial_number": " pf0fake2 ", "mac_address": null, "hostname": [7],
                     "virtual_ipv4": "100.96.0.2"},
                    {"device_id": "strange-3", "serial_number": "PF0FAKE2", "hostname": "laptop-1"},
                    {"device_id": "nobody", "serial_number": "Default string"}
                ]}
                """
            )
            #expect(response.status == 200)
            #expect(
                try response.decoded(as: PostureResult.self).result == [
                    "warp-1": .init(s2sID: known.id.rawValue, score: 100),
                    "registration-1": .init(s2sID: "", score: 0),
                    "strange-1": .init(s2sID: "", score: 0),
                    "strange-2": .init(s2sID: untold.id.rawValue, score: 30),
                    "strange-3": .init(s2sID: "", score: 0),
                    "nobody": .init(s2sID: "", score: 0),
                ]
            )
            scorer.clock.advance(seconds: 86_400)
            #expect(try await scorer.score(of: "warp-1") == 0)
        }
    }

    @Test("about a thousand devices is answered for each of them, and about one more is refused")
    func thousand() async throws {
        try await ScorerHarness.run { scorer in
            let device = try await scorer.newDevice()
            #expect(try await scorer.report(device, device.report(warpIDs: ["warp-500"])).status == 200)
            func body(_ count: Int) -> String {
                let devices = (1...count).map {
                    #"{"device_id":"warp-\#($0)","serial_number":"PF0FAKE1","hostname":"unknown-\#($0)"}"#
                }
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

    @Test("by GET, HEAD or PUT, with a slash or a query at its end, with any content type, is one as well")
    func otherForms() async throws {
        try await ScorerHarness.run { scorer in
            let device = try await scorer.newDevice()
            #expect(try await scorer.report(device, device.report(warpIDs: ["warp-1"])).status == 200)
            let assertion = "Cf-Access-Jwt-Assertion: \(try TestTeam.token())"
            let asked = #"{"devices":[\#(ScorerHarness.row("warp-1"))]}"#
            let full = #"{"result":{"warp-1":{"s2s_id":"\#(device.id)","score":30}}}"#
            for path in ["", "/", "?test=1", "/?a=b&c"] {
                for method in ["GET", "HEAD", "POST", "PUT"] {
                    let way = method == "HEAD" ? ["--head"] : ["-X", method]
                    let empty = try await scorer.curl(way + ["-H", assertion, scorer.agents + url + path])
                    #expect(empty.hasPrefix("HTTP/1.1 200"), "\(method) \(path)")
                    #expect(method == "HEAD" || empty.hasSuffix(#"{"result":{}}"#), "\(method) \(path)")
                    let none = try await scorer.curl(way + [scorer.agents + url + path])
                    #expect(none.hasPrefix("HTTP/1.1 403"), "\(method) \(path)")
                }
                for (method, type) in [("POST", "text/plain"), ("PUT", ""), ("GET", "application/xml; charset=x")] {
                    let way = ["-X", method, "-H", "Content-Type: \(type)", "-H", assertion, "--data-binary", asked]
                    let answer = try await scorer.curl(way + [scorer.agents + url + path])
                    #expect(answer.hasPrefix("HTTP/1.1 200") && answer.hasSuffix(full), "\(answer)")
                }
            }
        }
    }

    @Test("is logged in its form once, and nothing of what is in it")
    func shape() async throws {
        try await ScorerHarness.run { scorer in
            for id in ["secret-a", "secret-b"] {
                #expect(
                    try await scorer.ask(#"{"devices":[{"device_id":"\#(id)","email":"e@acme.test"}]}"#).status == 200
                )
            }
            for _ in 0..<2 { #expect(try await scorer.ask(#"{"devices":null}"#).status == 200) }
            let lines = scorer.log.all.filter { $0.contains("asks in a form") }
            #expect(lines.count == 2)
            #expect(lines[0].contains("POST, application/json: {devices: [{device_id: string, email: string}]}"))
            #expect(!lines.joined().contains("secret") && !lines.joined().contains("acme"))
            for count in 0..<20 { _ = try await scorer.ask(#"{"\#(String(repeating: "x", count: count + 1))":1}"#) }
            #expect(scorer.log.all.count { $0.contains("asks in a form") } == 8)
        }
    }
}

@Suite("The answer to Cloudflare")
struct CloudflareAnswerTests {
    let result: [String: CloudflareAnswer.Entry] = [
        "a": .init(s2sID: "device", score: 90), "b": .init(s2sID: "device", score: 0, reason: .stale),
        "c": .init(s2sID: "", score: 0, reason: .unknown),
    ]

    @Test("has an id and an integer, and nothing else")
    func plain() throws {
        let text = String(decoding: try Wire.encode(CloudflareAnswer(result: result)), as: UTF8.self)
        let none = #""s2s_id":"","score":0"#
        #expect(
            text == #"{"result":{"a":{"s2s_id":"device","score":90},"b":{"s2s_id":"device","score":0},"c":{\#(none)}}}"#
        )
    }

    @Test("has the reason beside the id where the configuration says so")
    func reasons() {
        let answer = CloudflareAnswer(result: result, withReasonCodes: true).result
        #expect(answer.mapValues(\.s2sID) == ["a": "device", "b": "device:stale", "c": ":unknown"])
        #expect(answer.mapValues(\.score) == result.mapValues(\.score))
    }
}
