import Foundation
import OpenSSLBridge
import PostureModel
import TestSupport
import Testing
import Verification

@testable import Agent

@Suite("The collector", .timeLimit(.minutes(5)))
struct CollectorServerTests {
    let machine: TestMachine
    let scorer = TestScorer()

    init() throws {
        machine = try TestMachine()
        try machine.configure(scorer: scorer.audience)
        try machine.fixture.database.importWithKey(machine.fixture.leaf(), nickname: "laptop")
    }

    var keys: String { machine.fixture.directory.file("state") }

    var server: CollectorServer {
        CollectorServer(
            configuration: machine.config,
            keyDirectory: keys,
            root: TestDevice.root,
            credentials: nil,
            now: Timestamp.now
        )
    }

    func ask(_ bytes: [UInt8]) async throws -> CollectorAnswer {
        try CollectorAnswer(parsing: await server.answer(bytes))
    }

    func ask(_ request: SigningRequest, audience: String? = nil) async throws -> CollectorAnswer {
        let nonce = try #require(scorer.nonces.issue(at: .now()))
        let request = CollectorRequest(request, nonce: nonce, audience: audience ?? scorer.audience)
        return try await ask(Wire.encode(request))
    }

    @Test("answers with a report that its scorer takes, and with what it says for people")
    func report() async throws {
        let collected = try await ask(.report).collected(for: .report)
        let key = try DeviceKey(in: keys)
        let report = try scorer.verify(collected.message, key: key.key.publicKey, demanding: machine.fixture)
        #expect(report.checks.map(\.level) == [.proven])
        #expect(report.report.device == key.device)
        let view = try #require(collected.sighting()?.view)
        #expect(view.facts == report.report.facts)
        #expect(view.collectedAt == report.report.collectedAt)
        #expect(view.checks.map(\.outcome) == [.pass])
        #expect(view.checks.flatMap(\.candidates).map(\.nickname) == ["laptop"])
        #expect(collected.flaw == nil)
    }

    @Test("has the facts in its answer once: in the message, and as the very bytes that are sent")
    func once() async throws {
        let nonce = try #require(scorer.nonces.issue(at: .now()))
        let request = try Wire.encode(CollectorRequest(.report, nonce: nonce, audience: scorer.audience))
        let bytes = await server.answer(request)
        let message = try CollectorAnswer(parsing: bytes).collected(for: .report).message.bytes
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.ranges(of: String(decoding: message, as: UTF8.self)).count == 1)
        let report = try Wire.decode(Report.self, from: JWS(parsing: message).payload)
        let hostname = try #require(report.facts.kernelHostname.value)
        #expect(text.ranges(of: hostname).isEmpty, "\(text)")
    }

    @Test("shows what there is to see without a signature, and without the device's key")
    func look() async throws {
        let sighting = try await ask(Wire.encode(CollectorRequest.look)).sighting()
        #expect(sighting.view.facts.kernelHostname == .observed("anna-laptop"))
        #expect(sighting.view.checks.map(\.outcome) == [.pass])
        #expect(!FileManager.default.fileExists(atPath: keys + "/device-key.pem"))
    }

    @Test("signs for the scorer of root's own configuration, and for no other")
    func otherScorer() async throws {
        #expect(try await ask(.report, audience: "https://evil.test").refusal == .scorer)
        #expect(!FileManager.default.fileExists(atPath: keys + "/device-key.pem"))
    }

    @Test(
        "answers whatever it is asked",
        arguments: [
            ("", .request), ("{", .request), ("[]", .request), ("{}", .request),
            (#"{"version":1,"type":"postured-report+jws","nonce":"n","audience":"a"}"#, .version),
            (#"{"version":2,"type":"shell","nonce":"n","audience":"a"}"#, .version),
            (#"{"version":2,"type":"postured-report+jws"}"#, .version), (String(repeating: " ", count: 5000), .request),
        ] as [(String, CollectorAnswer.Refusal)]
    )
    func nonsense(request: String, refusal: CollectorAnswer.Refusal) async throws {
        #expect(try await ask(Array(request.utf8)).refusal == refusal)
    }

    @Test("goes on with the last good configuration, and says what is wrong with the newest")
    func flaw() async throws {
        _ = try await ask(.report).collected(for: .report)
        try machine.write("interval = '0s'")
        let collected = try await ask(.report).collected(for: .report)
        #expect(collected.flaw == "\(machine.config): interval: is 10s to 1d")
        #expect(collected.sighting()?.view.checks.map(\.outcome) == [.pass])
        #expect(try await ask(Wire.encode(CollectorRequest.look)).sighting().flaw == collected.flaw)
    }

    @Test("shows any user everything but serial numbers, and notes none beside a report")
    func serials() async throws {
        let facts = SerialNumbers(
            product: .observed(SerialNumber("PF3xyz9")),
            board: .observed(SerialNumber("Default string")),
            chassis: .unreadable(reason: "no")
        )
        var collected = CollectedFacts(facts: .plain, warpIDs: [], warpClient: .observed([]), checks: [])
        collected.facts.serials = facts
        var result = CheckResult(id: "corp", notFound: "no certificate of pf3xyz9.corp and PF3XYZ9")
        result.warnings = ["CN=PF3xyz9"]
        collected.checks = [result]
        let view = MachineView(collected, at: .now())
        let shown = view.withoutSerials()
        for text in [try Wire.pretty(shown), try Wire.pretty(CollectorNotes(view))] {
            #expect(!text.lowercased().contains("pf3xyz9"))
        }
        #expect(shown.checks[0].reason == "no certificate of (not shown).corp and (not shown)")
        #expect(shown.facts.serials.board.value?.value == "Default string")
        #expect(shown.facts.serials.product.value?.value == "(not shown)")
    }
}
