@_spi(Signing) import PostureModel
import TestSupport
import Testing

@testable import Agent

@Suite("The collector's answer on the socket")
struct CollectorAnswerTests {
    private static let message = SignedMessage(type: .report, bytes: Array("{\n\"payload\":\"\"}\n".utf8))

    private func parse(_ text: String) throws -> CollectorAnswer { try CollectorAnswer(parsing: Array(text.utf8)) }

    @Test("carries a message as it is, and what goes with it", arguments: [nil, Array("{}\n{}".utf8)])
    func message(notes: [UInt8]?) throws {
        let collected = CollectedMessage(message: Self.message, notes: notes)
        let answer = try CollectorAnswer(parsing: CollectorAnswer(collected, flaw: "a\nb").bytes)
        let received = try answer.collected(for: .report)
        #expect(received.message.bytes == Self.message.bytes)
        #expect(received.notes == notes)
        #expect(received.flaw == "a?b")
        #expect(throws: CollectorAnswer.Flaw.otherAnswer) { try answer.sighting() }
    }

    @Test("is without what goes with the message where that is beyond its bound")
    func longNotes() throws {
        let notes = [UInt8](repeating: 0x20, count: CollectorAnswer.Limit.seen + 1)
        let bytes = CollectorAnswer(CollectedMessage(message: Self.message, notes: notes), flaw: nil).bytes
        let received = try CollectorAnswer(parsing: bytes).collected(for: .report)
        #expect(received.message.bytes == Self.message.bytes)
        #expect(received.notes == nil)
    }

    @Test("says why there is no message")
    func refusal() throws {
        let answer = try CollectorAnswer(parsing: CollectorAnswer(.failed, "no key").bytes)
        #expect(answer.refusal == .failed)
        #expect(throws: CollectorAnswer.Flaw.refused("no key")) { try answer.collected(for: .report) }
        #expect(throws: CollectorAnswer.Flaw.refused("no key")) { try answer.sighting() }
        #expect(throws: CollectorAnswer.Flaw.otherAnswer) { try parse(#"{"version":4}"#).collected(for: .report) }
    }

    @Test(
        "is not taken with other lengths than it says",
        arguments: [
            #"{"version":4,"message":3}"# + "\nab", #"{"version":4,"message":1}"# + "\nab",
            #"{"version":4,"message":-1,"notes":3}"# + "\nab", #"{"version":4,"message":9223372036854775807}"# + "\nab",
            #"{"version":4,"notes":1,"view":1}"# + "\nab", #"{"version":4}"# + "\nab",
            #"{"version":4,"message":65537}"# + "\n" + String(repeating: "a", count: 65_537),
            #"{"version":4,"view":851969}"# + "\n" + String(repeating: "a", count: 851_969),
            #"{"version":4,"error":"\#(String(repeating: "a", count: 65_536))"}"#,
            String(repeating: " ", count: 65_537),
        ]
    )
    func lengths(text: String) {
        #expect(throws: CollectorAnswer.Flaw.lengths) { try parse(text) }
    }

    @Test("is not taken from another version", arguments: ["", "\n", "\nab"])
    func version(rest: String) {
        #expect(throws: CollectorAnswer.Flaw.version) { try parse(#"{"version":2,"error":"no"}"# + rest) }
    }

    @Test(
        "is not taken where it cannot be read",
        arguments: ["", "\n", "{", "[]", "{}", String(repeating: "[", count: 1000), #"{"version":4,"message":"x"}"#]
    )
    func nonsense(text: String) {
        let flaw = #expect(throws: CollectorAnswer.Flaw.self) { try parse(text) }
        guard case .head = flaw else {
            Issue.record("\(String(describing: flaw))")
            return
        }
    }

    @Test("has nothing to see where the notes or the message cannot be read", arguments: ["", "{}", "[]"])
    func unreadable(notes: String) throws {
        let collected = CollectedMessage(message: Self.message, notes: Array(notes.utf8))
        #expect(collected.sighting() == nil)
    }

    @Test("keeps within its bounds whatever is done to its bytes", arguments: 1...20)
    func damaged(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let whole = CollectorAnswer(CollectedMessage(message: Self.message, notes: Array("{}".utf8)), flaw: "no").bytes
        for _ in 0..<200 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[index] = .random(in: 0...255, using: &random)
                case 1: bytes.insert(UInt8(ascii: "9"), at: index)
                default: bytes.removeSubrange(index...)
                }
                if bytes.isEmpty { break }
            }
            guard let collected = try? CollectorAnswer(parsing: bytes).collected(for: .report) else { continue }
            #expect(collected.message.bytes.count + (collected.notes?.count ?? 0) < bytes.count)
        }
    }
}
