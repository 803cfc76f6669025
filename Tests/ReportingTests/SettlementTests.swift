import PostureModel
import TestSupport
import Testing

@testable import Reporting

@Suite("What the side with the keys is told", .timeLimit(.minutes(5)))
struct SettlementTests {
    @Test("is that the scorer took a report, and the receipt, and of a registration before it")
    func report() async throws {
        let scorer = try ScriptedScorer([.problem(Problem(.unknownDevice)), .registered, .receipt("r1"), .good])
        let delivery = scorer.delivery()
        _ = try await delivery.report()
        _ = try await delivery.report()
        let audience = scorer.server.url
        #expect(
            scorer.source.settlements.all == [
                Settlement(.registration, nonce: "nonce-1", audience: audience),
                Settlement(.report, nonce: "nonce-2", audience: audience, receipt: "r1"),
                Settlement(.report, nonce: "nonce-3", audience: audience),
            ]
        )
    }

    @Test("is nothing of a message that was refused, or whose answer cannot be read")
    func refused() async throws {
        let scorer = try ScriptedScorer([.problem(Problem(.badSignature)), .raw(200, [:], "{}"), .hangUp])
        for _ in 0..<3 { #expect(try await scorer.failure() != nil) }
        #expect(scorer.source.settlements.all.isEmpty)
    }

    @Test("does not cost the report where it fails, and is complained of once for as long as it does")
    func failure() async throws {
        let scorer = try ScriptedScorer([.receipt("r1"), .receipt("r2"), .receipt("r3")])
        let (warnings, failures) = (Collected<String>(), Collected<Void>())
        let delivery = Delivery(
            to: scorer.client,
            signing: scorer.source.sign,
            settling: { _ in
                failures.add(())
                throw FakeSource.Failure()
            },
            enrolmentToken: { nil },
            warn: { warnings.add($0) }
        )
        for _ in 0..<3 { #expect(try await delivery.report().score.value == 90) }
        #expect(failures.all.count == 3)
        #expect(warnings.all.count == 1)
        #expect(
            warnings.all.first?.hasPrefix("the scorer's receipt cannot be stored, and the one before is shown") == true
        )
    }

    @Test("is that the scorer took a key replacement that waited, and then a report is sent")
    func replacement() async throws {
        let scorer = try ScriptedScorer([.registered, .good])
        scorer.source.wait(.keyReplacement)
        _ = try await scorer.report()
        #expect(
            scorer.server.lines.filter { $0.hasPrefix("POST") } == ["POST /v1/devices/self/key", "POST /v1/reports"]
        )
        #expect(scorer.source.settlements.all.map(\.type) == [.keyReplacement, .report])
        #expect(scorer.source.requests.all == [.report, .report])
    }

    @Test("is nothing before the scorer has taken a key replacement: without it no report is sent")
    func refusedReplacement() async throws {
        let problem = Problem(.replacedKey)
        let scorer = try ScriptedScorer([.problem(problem), .good])
        scorer.source.wait(.keyReplacement)
        #expect(try await scorer.failure() == .refused(problem))
        #expect(scorer.server.lines.filter { $0.hasPrefix("POST") } == ["POST /v1/devices/self/key"])
    }

    @Test(
        "is that the scorer refused a key change for good where two machines have the key, and of no other refusal",
        arguments: [MessageType.keyReplacement, .retirement],
        Problem.Kind.allCases
    )
    func discarded(type: MessageType, kind: Problem.Kind) async throws {
        let scorer = try ScriptedScorer([.problem(Problem(kind)), .good])
        scorer.source.wait(type)
        let delivery = scorer.delivery()
        _ = try? await delivery.report()
        let refused = scorer.source.settlements.all.filter { $0.outcome == .refused }
        let expected = Settlement(type, .refused, nonce: "nonce-0", audience: scorer.server.url)
        #expect(refused == (kind == .conflict ? [expected] : []))
        if kind == .conflict {
            #expect(scorer.source.settlements.all.map(\.type) == [type, .report], "a report in its place")
        }
    }

    @Test("is that the scorer refused what was asked for, and then no report is sent")
    func refusedCommand() async throws {
        let problem = Problem(.conflict)
        let scorer = try ScriptedScorer([.problem(problem), .good])
        let error = await #expect(throws: DeliveryError.self) {
            try await scorer.delivery().report(first: .keyReplacement)
        }
        #expect(error == .discarded(problem))
        #expect(error?.isTransient == true, "the next report is not held up")
        #expect(error?.description.contains("an operator runs 'posture-scorer clones clear' first") == true)
        #expect(scorer.messages.count == 1)
    }

    @Test("costs the refused key change nothing where it fails: the change waits, and no report is sent")
    func undiscarded() async throws {
        let scorer = try ScriptedScorer([.problem(Problem(.conflict)), .good])
        scorer.source.wait(.keyReplacement)
        let delivery = Delivery(
            to: scorer.client,
            signing: scorer.source.sign,
            settling: { _ in throw FakeSource.Failure() },
            enrolmentToken: { nil }
        )
        await #expect(throws: FakeSource.Failure.self) { try await delivery.report() }
        #expect(scorer.messages.count == 1)
    }

    @Test("is of no use to a side with the keys that discards nothing")
    func endlessRefusal() async throws {
        let problem = Problem(.conflict)
        let scorer = try ScriptedScorer([.problem(problem), .problem(problem), .good])
        scorer.source.wait(.retirement, .retirement)
        let delivery = Delivery(to: scorer.client, signing: scorer.source.sign, enrolmentToken: { nil })
        let error = await #expect(throws: DeliveryError.self) { try await delivery.report() }
        #expect(error == .discarded(problem))
        #expect(scorer.messages.count == 2)
    }

    @Test(
        "is that the scorer took a retirement, or does not know the device any more, and nothing follows",
        arguments: [true, false]
    )
    func retirement(isKnown: Bool) async throws {
        let scorer = try ScriptedScorer([isKnown ? .registered : .problem(Problem(.unknownDevice)), .good])
        await #expect(throws: DeviceRetired.self) { try await scorer.delivery().report(first: .retirement) }
        #expect(scorer.source.settlements.all.map(\.type) == [.retirement])
        #expect(scorer.messages.count == 1)
    }

    @Test("is of no use to a side with the keys that signs key replacements without end")
    func endless() async throws {
        let scorer = try ScriptedScorer([.registered, .registered, .registered])
        scorer.source.wait(.keyReplacement, .keyReplacement)
        let delivery = Delivery(to: scorer.client, signing: scorer.source.sign, enrolmentToken: { nil })
        let error = await #expect(throws: DeliveryError.self) { try await delivery.report() }
        #expect(error?.isTransient == false)
        #expect(scorer.messages.count == 2)
    }
}
