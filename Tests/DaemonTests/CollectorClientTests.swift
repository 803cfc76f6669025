import Foundation
import LocalSocket
@_spi(Signing) import PostureModel
import Reporting
import Synchronization
import TestSupport
import Testing

@testable import Agent
@testable import Daemon

@Suite("Asking the collector at its socket", .timeLimit(.minutes(20)))
struct CollectorClientTests {
    let directory: TemporaryDirectory
    var path: String { directory.file("collector.sock") }
    /// A busy machine may take its time.
    var client: CollectorClient { CollectorClient(at: path, patience: .seconds(900)) }

    init() throws { directory = try TemporaryDirectory("collector") }

    /// A collector that answers everything with this.
    func answering(_ answer: [UInt8]) throws -> LocalServer {
        let server = try LocalServer(at: path, mode: 0o600) { _, _ in answer }
        server.start()
        return server
    }

    @Test("gets the message as it was made, and what was seen")
    func message() async throws {
        let collected = try CollectedMessage.report("one")
        let server = try answering(CollectorAnswer(collected, flaw: nil).bytes)
        defer { server.stop() }
        let received = try await client.collect(.report, nonce: "n", audience: "a")
        #expect(received.message.bytes == collected.message.bytes)
        #expect(received.sighting()?.view == .named("one"))
        await #expect(throws: CollectorAnswer.Flaw.otherAnswer) { try await client.look() }
    }

    @Test("gets a key replacement or a retirement in the place of a report, and no other kind of message")
    func waiting() async throws {
        for type in [MessageType.keyReplacement, .retirement, .registration, .ownRecord] {
            let message = CollectedMessage(message: SignedMessage(type: type, bytes: Array("{}".utf8)), notes: nil)
            let server = try answering(CollectorAnswer(message, flaw: nil).bytes)
            defer { server.stop() }
            let received = try? await client.collect(.report, nonce: "n", audience: "a")
            #expect(received?.message.type == ([.keyReplacement, .retirement].contains(type) ? type : nil))
        }
    }

    @Test("tells it that the scorer took a message, and hears whether that is done")
    func settlement() async throws {
        let settlement = Settlement(.report, nonce: "n", audience: "a", receipt: "r")
        let willing = try answering(CollectorAnswer.settled.bytes)
        try await client.settle(settlement)
        willing.stop()
        let unwilling = try answering(CollectorAnswer(.failed, "the disk is full").bytes)
        defer { unwilling.stop() }
        await #expect(throws: CollectorAnswer.Flaw.refused("the disk is full")) { try await client.settle(settlement) }
    }

    @Test("hears that the device has retired, as an error of its own")
    func retired() async throws {
        let server = try answering(CollectorAnswer(.retired, "gone").bytes)
        defer { server.stop() }
        await #expect(throws: DeviceRetired.self) { try await client.collect(.report, nonce: "n", audience: "a") }
    }

    @Test("gets a view where it asks for one")
    func look() async throws {
        let server = try answering(CollectorAnswer(.named("two"), flaw: "no").bytes)
        defer { server.stop() }
        let sighting = try await client.look()
        #expect(sighting.view == .named("two"))
        #expect(sighting.flaw == "no")
        await #expect(throws: CollectorAnswer.Flaw.otherAnswer) {
            try await client.collect(.report, nonce: "n", audience: "a")
        }
    }

    @Test(
        "fails, and does no more, where the collector lies",
        arguments: ["", "{", "{\"version\":4,\"message\":7}\nab"]
    )
    func lies(answer: String) async throws {
        let server = try answering(Array(answer.utf8))
        defer { server.stop() }
        let error = await #expect(throws: (any Error).self) {
            try await client.collect(.report, nonce: "n", audience: "a")
        }
        #expect(error.map { "\($0)".hasPrefix("\(path): ") } == true, "\(String(describing: error))")
    }

    @Test("takes no more than an answer may have")
    func long() async throws {
        let server = try answering([UInt8](repeating: 0x20, count: CollectorAnswer.Limit.answer + 1))
        defer { server.stop() }
        let error = await #expect(throws: LocalSocketError.self) { try await client.look() }
        #expect(error?.code == .tooLong)
    }
}
