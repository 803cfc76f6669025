@_spi(Signing) package import PostureModel
internal import Reporting

/// What the collector answers: one line of JSON with lengths, and after it as many bytes.
///
/// A signed message crosses as the bytes that are sent to the scorer; neither side reads or writes them for it.
package struct CollectorAnswer: Sendable {
    /// The bounds, in bytes; an answer beyond them is malformed.
    package enum Limit {
        /// The first line: two sentences.
        static let head = 64 * 1024
        /// What goes with a message, or what is seen without one: twenty candidates of each of sixteen checks.
        static let seen = 832 * 1024
        /// The whole.
        package static let answer = head + 1 + JWS.Limit.message + seen
    }

    /// Why there is no message.
    enum Refusal: String, Sendable, Codable {
        /// The request cannot be read.
        case request
        /// The request is of another version.
        case version
        /// The request is for another scorer than that of root's configuration.
        case scorer
        /// It would retire the device or replace its key, and root has not permitted that.
        case forbidden
        /// The device has retired.
        case retired
        /// It could not be done.
        case failed
    }

    /// The first line; each length is that of a part, in this order.
    private struct Head: Codable {
        var version = CollectorRequest.version
        /// The message's kind, where it is another one than that which was asked for.
        var type: MessageType?
        /// Whether what was told is done.
        var isSettled: Bool?
        var message: Int?
        var notes: Int?
        var view: Int?
        var flaw: String?
        var refusal: Refusal?
        var error: String?

        private enum CodingKeys: String, CodingKey {
            case version, type, message, notes, view, flaw, refusal, error
            case isSettled = "settled"
        }
    }

    private var head = Head()
    private var message: ArraySlice<UInt8> = []
    private var seen: ArraySlice<UInt8> = []

    private static let newline = UInt8(ascii: "\n")
}

// MARK: - The collector's end

extension CollectorAnswer {
    /// Answers with a message; without what goes with it where that is too long, since the message is what matters.
    init(_ collected: CollectedMessage, flaw: String?) {
        message = collected.message.bytes[...]
        if let notes = collected.notes, notes.count <= Limit.seen { seen = notes[...] }
        head.type = collected.message.type
        head.message = message.count
        head.notes = seen.isEmpty ? nil : seen.count
        head.flaw = flaw.map(Self.sentence)
    }

    /// Answers with what is seen.
    ///
    /// - Throws: ``AgentError`` where that is too long.
    init(_ view: MachineView, flaw: String?) throws {
        seen = try Wire.encode(view)[...]
        guard seen.count <= Limit.seen else {
            throw AgentError("what is seen has \(seen.count) bytes: too many to show")
        }
        head.view = seen.count
        head.flaw = flaw.map(Self.sentence)
    }

    /// Answers that there is no message, and why.
    init(_ refusal: Refusal, _ error: String) {
        head.refusal = refusal
        head.error = Self.sentence(error)
    }

    /// Answers that what was told is done.
    static let settled = CollectorAnswer(head: Head(isSettled: true))

    private init(head: Head) { self.head = head }

    private static func sentence(_ text: String) -> String { text.printable(limit: 4000) }

    /// The answer as it crosses the socket.
    var bytes: [UInt8] {
        // What encodes everywhere else encodes here.
        ((try? Wire.encode(head)) ?? []) + [Self.newline] + message + seen
    }
}

// MARK: - The end with the network

extension CollectorAnswer {
    /// Why an answer is none.
    package enum Flaw: Error, Sendable, Equatable, CustomStringConvertible {
        /// The first line cannot be read; the text has the answer for a subject.
        case head(String)
        /// The lengths in the first line are beyond the bounds, or are not those of what follows.
        case lengths
        /// The collector is of another version.
        case version
        /// The collector has no message, for a reason.
        case refused(String)
        /// The device has retired.
        case retired
        /// The collector answered something else than it was asked for.
        case otherAnswer

        /// One sentence, for a person.
        package var description: String {
            switch self {
            case .head(let reason): "the collector's answer \(reason)"
            case .lengths: "the collector's answer does not have the lengths that it says"
            case .version: "the collector is of another version: systemctl restart postured"
            case .refused(let reason): "the collector: \(reason)"
            case .retired: "\(DeviceRetired())"
            case .otherAnswer: "the collector: no answer to the question, and no reason"
            }
        }
    }

    /// Takes an answer apart; nothing but its first line is decoded.
    package init(parsing bytes: [UInt8]) throws(Flaw) {
        let end = bytes.firstIndex(of: Self.newline) ?? bytes.endIndex
        guard end <= Limit.head else { throw .lengths }
        do throws(WireError) { head = try Wire.decode(from: Array(bytes[..<end])) } catch { throw .head("\(error)") }
        guard head.version == CollectorRequest.version else { throw .version }
        let rest = bytes[min(end + 1, bytes.endIndex)...]
        let (length, others) = (head.message ?? 0, [head.notes, head.view].compactMap(\.self))
        guard (0...JWS.Limit.message).contains(length), others.count <= 1,
            others.allSatisfy({ (0...Limit.seen).contains($0) }), rest.count == length + (others.first ?? 0)
        else { throw .lengths }
        (message, seen) = (rest.prefix(length), rest.dropFirst(length))
    }

    /// The message for `request`, with what goes with it.
    ///
    /// It is of the kind that was asked for, or what waits for the scorer: a key replacement, or a retirement.
    package func collected(for request: SigningRequest) throws(Flaw) -> CollectedMessage {
        try throwIfRefused()
        guard head.message != nil, let type = head.type, type == request.type || type.comesBeforeReports else {
            throw .otherAnswer
        }
        return CollectedMessage(
            message: SignedMessage(type: type, bytes: Array(message)),
            notes: head.notes == nil ? nil : Array(seen),
            flaw: head.flaw
        )
    }

    /// What is seen.
    package func sighting() throws(Flaw) -> Sighting {
        try throwIfRefused()
        guard head.view != nil else { throw .otherAnswer }
        do throws(WireError) {
            return Sighting(view: try Wire.decode(MachineView.self, from: Array(seen)), flaw: head.flaw)
        } catch { throw .head("\(error)") }
    }

    /// Whether what was told is done.
    package func settled() throws(Flaw) {
        try throwIfRefused()
        guard head.isSettled == true else { throw .otherAnswer }
    }

    /// Why the collector refused; nil where it did not.
    var refusal: Refusal? { head.refusal }

    private func throwIfRefused() throws(Flaw) {
        if head.refusal == .retired { throw .retired }
        if let error = head.error { throw .refused(error) }
    }
}
