@_spi(Signing) import PostureModel
import TestSupport
import Testing

@testable import Agent
@testable import Daemon

@Suite("What a collector saw last")
struct ObservedCollectorTests {
    let fake = FakeCollector()

    func hostname(_ observed: ObservedCollector) async -> String? {
        await observed.newest?.view.facts.kernelHostname.value
    }

    @Test("is what its newest report says, and is read from the message itself")
    func report() async throws {
        let observed = ObservedCollector(fake)
        #expect(await observed.newest == nil)
        fake.answer(try .report("one"), try .report("two", flaw: "no"))
        let sent = try await observed.collect(.report, nonce: "", audience: "")
        #expect(sent.message.bytes == (try CollectedMessage.report("one").message.bytes))
        #expect(await hostname(observed) == "one")
        _ = try await observed.collect(.report, nonce: "", audience: "")
        #expect(await hostname(observed) == "two")
        #expect(await observed.newest?.flaw == "no")
    }

    @Test("is not taken from a message that cannot be read, and stays where there is none")
    func unreadable() async throws {
        let observed = ObservedCollector(fake)
        let nonsense = SignedMessage(type: .report, bytes: Array("{}".utf8))
        fake.answer(
            try .report("one"),
            CollectedMessage(message: nonsense, notes: Array("{}".utf8)),
            CollectedMessage(message: SignedMessage(type: .registration, bytes: []), notes: nil)
        )
        for request in [SigningRequest.report, .report, .registration(token: nil)] {
            _ = try await observed.collect(request, nonce: "", audience: "")
            #expect(await hostname(observed) == "one")
        }
        await #expect(throws: FakeCollector.Nothing.self) { try await observed.look() }
        #expect(await hostname(observed) == "one")
    }

    @Test("is what a look shows, which asks for no message")
    func look() async throws {
        let observed = ObservedCollector(fake)
        fake.answer(try .report("one"))
        _ = try await observed.collect(.report, nonce: "", audience: "")
        fake.see(Sighting(view: .named("two")))
        _ = try await observed.look()
        #expect(await hostname(observed) == "two")
        #expect(fake.requests.all == [.report])
    }
}
