import Collectors
import Files
import Foundation
import OpenSSLBridge
import PostureModel
import Reporting
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

    /// A directory of permits, each of which is good if it is there.
    var permits: PermitDirectory {
        PermitDirectory(machine.fixture.directory.path) {
            FileManager.default.fileExists(atPath: $0) ? .roots(path: $0) : .absent
        }
    }

    var keys: String { machine.fixture.directory.file("state") }

    var server: CollectorServer {
        CollectorServer(
            configuration: machine.config,
            keyDirectory: keys,
            permits: permits,
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
        let report = try scorer.verify(
            collected.message,
            of: KnownDevice(key.device, keys: [key.key.publicKey.jwk]),
            demanding: machine.fixture
        )
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
            (#"{"version":4,"type":"shell","nonce":"n","audience":"a"}"#, .version),
            (#"{"version":4,"type":"postured-report+jws"}"#, .version),
            (#"{"version":4,"type":"settlement"}"#, .version), (String(repeating: " ", count: 5000), .request),
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

    @Test(
        "retires the device, or replaces its key, only by root's permit",
        arguments: [SigningRequest.retirement, .keyReplacement]
    )
    func permit(request: SigningRequest) async throws {
        _ = try await ask(.report).collected(for: .report)
        #expect(try await ask(request).refusal == .forbidden)
        let other: MessageType = request == .retirement ? .keyReplacement : .retirement
        #expect(try await permits.permitting(other) { try await ask(request).refusal } == .forbidden)
        let names = try FileManager.default.contentsOfDirectory(atPath: keys)
        #expect(!names.contains("retired") && !names.contains("device-key.new.pem"))
        let message = try await permits.permitting(request.type) { try await ask(request).collected(for: request) }
        #expect(message.message.type == request.type)
        // What has begun is repeated without a permit, and in the place of a report.
        #expect(try await ask(request).collected(for: request).message.type == request.type)
        #expect(try await ask(.report).collected(for: .report).message.type == request.type)
        #expect(try await ask(.ownRecord).refusal == nil)
    }

    @Test("takes a permit of somebody else's, or an old one, for none")
    func foreignPermit() async throws {
        let type = MessageType.retirement
        #expect(try await permits.permitting(type) { permits.permits(type) })
        #expect(!permits.permits(type), "it ends with the command")
        let doubtful = PermitDirectory(machine.fixture.directory.path) { _ in .doubtful("others may write to it") }
        #expect(try await !doubtful.permitting(type) { doubtful.permits(type) })
        let isOld = try await permits.permitting(type) {
            let path = machine.fixture.directory.file("postured-permit-\(type)")
            let old = Date(timeIntervalSinceNow: -1000)
            try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: path)
            return !permits.permits(type)
        }
        #expect(isOld)
    }

    @Test("stores the receipt of a report that the scorer took, and shows it in the next")
    func receipt() async throws {
        let report = try await ask(.report).collected(for: .report)
        let nonce = try #require(try JWS(parsing: report.message.bytes).signatures.first?.header.nonce)
        let settlement = Settlement(.report, nonce: nonce, audience: scorer.audience, receipt: "r1")
        try await ask(Wire.encode(CollectorRequest(settlement))).settled()
        let next = try await ask(.report).collected(for: .report)
        let shown = try Wire.decode(Report.self, from: JWS(parsing: next.message.bytes).payload)
        #expect(shown.receipt == "r1")
        var other = settlement
        other.audience = "https://evil.test"
        #expect(try await ask(Wire.encode(CollectorRequest(other))).refusal == .scorer)
        // That one was settled before.
        #expect(try await ask(Wire.encode(CollectorRequest(settlement))).refusal == .failed)
    }

    @Test("says that the device has retired, and signs nothing any more")
    func retired() async throws {
        _ = try await ask(.report).collected(for: .report)
        _ = try await permits.permitting(.retirement) { try await ask(.retirement).collected(for: .retirement) }
        let settlement = Settlement(.retirement, nonce: "n", audience: scorer.audience)
        try await ask(Wire.encode(CollectorRequest(settlement))).settled()
        let answer = try await ask(.report)
        #expect(answer.refusal == .retired)
        #expect(throws: CollectorAnswer.Flaw.retired) { try answer.collected(for: .report) }
        #expect(try await ask(Wire.encode(CollectorRequest.look)).refusal == nil)
    }

    @Test("does not retire the device, or replace its key, because somebody says that the scorer took it")
    func settlement() async throws {
        for type in [MessageType.report, .keyReplacement, .registration] {
            let settlement = Settlement(type, nonce: "n", audience: scorer.audience)
            #expect(try await ask(Wire.encode(CollectorRequest(settlement))).refusal == .failed)
        }
        #expect(!FileManager.default.fileExists(atPath: keys + "/device-key.pem"), "nobody made a key for that")
        _ = try await ask(.report).collected(for: .report)
        let before = try contents(of: keys + "/device-key.pem")
        for type in [MessageType.retirement, .keyReplacement, .registration, .ownRecord] {
            let settlement = Settlement(type, nonce: "n", audience: scorer.audience)
            try await ask(Wire.encode(CollectorRequest(settlement))).settled()
        }
        #expect(try contents(of: keys + "/device-key.pem") == before)
    }

    @Test(
        "discards a key replacement or a retirement that the scorer refused, and brings no retired device back",
        arguments: [SigningRequest.retirement, .keyReplacement]
    )
    func refused(request: SigningRequest) async throws {
        _ = try await ask(.report).collected(for: .report)
        let before = try contents(of: keys + "/device-key.pem")
        _ = try await permits.permitting(request.type) { try await ask(request).collected(for: request) }
        let refusal = Settlement(request.type, .refused, nonce: "n", audience: scorer.audience)
        try await ask(Wire.encode(CollectorRequest(refusal))).settled()
        #expect(try contents(of: keys + "/device-key.pem") == before)
        #expect(try await ask(.report).collected(for: .report).message.type == .report)
        #expect(try await ask(request).refusal == .forbidden, "nothing has begun any more")
        _ = try await permits.permitting(.retirement) { try await ask(.retirement).collected(for: .retirement) }
        let taken = Settlement(.retirement, nonce: "n", audience: scorer.audience)
        for settlement in [taken, refusal] { try await ask(Wire.encode(CollectorRequest(settlement))).settled() }
        #expect(try await ask(.report).refusal == .retired)
    }

    @Test("shows any user everything but serial numbers, and notes none beside a report")
    func serials() async throws {
        let facts = SerialNumbers(
            product: .observed(SerialNumber("PF3xyz9")),
            board: .observed(SerialNumber("Default string")),
            chassis: .unreadable(reason: "no")
        )
        let unknown = KnownWARPIDs(told: .unreadable(reason: "no"), configured: [], remembered: nil, at: .now())
        var collected = CollectedFacts(
            facts: .plain,
            warp: unknown,
            warpClient: WARPAnswer(ids: .observed([])),
            checks: []
        )
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
