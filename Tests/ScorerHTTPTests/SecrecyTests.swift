import CurlBridge
import PostureModel
import ScorerTestSupport
import TestSupport
import Testing

@Suite("A secret")
struct SecrecyTests {
    @Test("never stands in the log, at any level, nor in the database")
    func log() async throws {
        try await ScorerHarness.run { scorer in
            let (good, spare) = (try await scorer.token(), try await scorer.token())
            let (wrong, device) = ("pet_" + String(repeating: "wrong", count: 8), try TestDevice())
            #expect(try await scorer.register(device, token: wrong).status == 403)
            #expect(try await scorer.register(device, token: good).status == 201)
            #expect(try await scorer.register(try TestDevice(), token: good).status == 403)
            #expect(try await scorer.report(device).status == 200)

            let access = try TestTeam.token()
            let badAccess = try BadToken.all().filter(\.fitsHeader).map(\.text).filter { $0.utf8.count > 100 }
            let body = #"{"devices":[{"device_id":"warp-1"}]}"#
            #expect(try await scorer.ask(body, token: access).status == 200)
            for token in badAccess { #expect(try await scorer.ask(body, token: token).status == 403) }
            #expect(try await scorer.ask("no JSON", token: access).status == 400)

            let bearer = [(name: "Authorization", value: "Bearer \(scorer.operatorToken)")]
            for headers in [bearer, [("Authorization", "Bearer \(spare)")]] {
                for path in ["/v1/devices", "/v1/devices/\(device.id)", "/v1/nothing"] {
                    _ = try await scorer.get(scorer.operators + path, headers: headers)
                    _ = try await scorer.get(scorer.agents + path, headers: headers)
                }
            }
            try runSQLite([scorer.directory.file("scorer.sqlite"), "ALTER TABLE device RENAME TO lost"])
            #expect(try await scorer.register(try TestDevice(), token: spare).status == 503)
            try runSQLite([scorer.directory.file("scorer.sqlite"), "ALTER TABLE lost RENAME TO device"])

            let text = scorer.log.all.joined(separator: "\n")
            #expect(text.contains("device registered") && text.contains("Access tokens were refused"))
            let dump = try runSQLite([scorer.directory.file("scorer.sqlite"), ".dump"]).text
            for secret in [good, spare, wrong, scorer.operatorToken, access] + badAccess {
                #expect(!text.contains(secret) && !dump.contains(secret))
                #expect(!text.contains(secret.suffix(40)), "nor a part of it")
            }
        }
    }
}
