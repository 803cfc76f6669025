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

    func ask(_ bytes: [UInt8]) async throws -> CollectorAnswer {
        let collector = CollectorServer(
            configuration: machine.config,
            keyDirectory: keys,
            root: TestDevice.root,
            credentials: nil,
            now: Timestamp.now
        )
        return try Wire.decode(from: await collector.answer(bytes))
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
        let view = try #require(collected.view)
        #expect(view.facts == report.report.facts)
        #expect(view.checks.map(\.outcome) == [.pass])
        #expect(collected.flaw == nil)
    }

    @Test("signs for the scorer of root's own configuration, and for no other")
    func otherScorer() async throws {
        let error = try #require(try await ask(.report, audience: "https://evil.test").error)
        #expect(error.hasPrefix("signs for 'https://scorer.acme.test', as \(machine.config) says, and not for"))
        #expect(!FileManager.default.fileExists(atPath: keys + "/device-key.pem"))
    }

    @Test(
        "answers whatever it is asked",
        arguments: [
            "", "{", "[]", "{}", #"{"version":2,"type":"postured-report+jws","nonce":"n","audience":"a"}"#,
            #"{"version":1,"type":"shell","nonce":"n","audience":"a"}"#, String(repeating: " ", count: 5000),
        ]
    )
    func nonsense(request: String) async throws {
        let answer = try await ask(Array(request.utf8))
        #expect(answer.message == nil)
        #expect(try #require(answer.error).hasPrefix("the request "))
    }

    @Test("goes on with the last good configuration, and says what is wrong with the newest")
    func flaw() async throws {
        _ = try await ask(.report).collected(for: .report)
        try machine.write("interval = 0")
        let collected = try await ask(.report).collected(for: .report)
        #expect(collected.flaw == "\(machine.config): interval: is 10 to 86400 seconds")
        #expect(collected.view?.checks.map(\.outcome) == [.pass])
    }

    @Test("shows any user everything but serial numbers")
    func serials() async throws {
        let facts = SerialNumbers(
            product: .observed(SerialNumber("PF3xyz9")),
            board: .observed(SerialNumber("Default string")),
            chassis: .unreadable(reason: "no")
        )
        var collected = CollectedFacts(
            facts: try #require(try await ask(.report).view).facts,
            warpIDs: [],
            warpClient: .observed([]),
            checks: []
        )
        collected.facts.serials = facts
        var result = CheckResult(id: "corp", notFound: "no certificate of pf3xyz9.corp and PF3XYZ9")
        result.warnings = ["CN=PF3xyz9"]
        collected.checks = [result]
        let shown = MachineView(collected, at: .now()).withoutSerials()
        let text = try Wire.pretty(shown)
        #expect(!text.lowercased().contains("pf3xyz9"))
        #expect(shown.checks[0].reason == "no certificate of (not shown).corp and (not shown)")
        #expect(shown.facts.serials.board.value?.value == "Default string")
        #expect(shown.facts.serials.product.value?.value == "(not shown)")
    }
}
