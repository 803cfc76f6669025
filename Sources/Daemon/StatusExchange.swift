package import PostureModel

/// What anybody may ask the daemon, through its socket.
package enum StatusQuestion: String, Sendable, Codable, CaseIterable {
    /// How things stand.
    case status
    /// The same, after a look at the machine that is not older than ten seconds.
    case look
    /// To report now, and how that ended; for root and the daemon's own user.
    case report
    /// To report soon; for the same.
    case poke

    /// Whether it makes the daemon do something: not everybody may ask that.
    var isCommand: Bool { self == .report || self == .poke }
}

/// A question on its way: one JSON document, see docs/status.md.
package struct StatusRequest: Sendable, Codable {
    /// The version of both documents.
    static let version = 1

    var version = Self.version
    var question: StatusQuestion

    /// Asks a question.
    package init(_ question: StatusQuestion) { self.question = question }
}

/// The daemon's answer: a status, or why there is none.
package struct StatusAnswer: Sendable, Encodable {
    /// Bytes of an answer.
    package static let limit = 1024 * 1024

    private(set) var version = StatusRequest.version
    /// How things stand.
    package var status: AgentStatus?
    /// What the daemon could not do.
    package var error: String?

    init(status: AgentStatus? = nil, error: String? = nil) {
        (self.status, self.error) = (status, error)
    }

    /// Reads what came from the daemon's socket: the only way to an answer, and every text in it is printable.
    ///
    /// The daemon's user is not trusted with the asker's terminal.
    package init(received bytes: [UInt8]) throws(WireError) {
        let answer = try Wire.decodePrintable(Received.self, from: bytes)
        (version, status, error) = (answer.version, answer.status, answer.error)
    }

    private struct Received: Decodable {
        var version: Int
        var status: AgentStatus?
        var error: String?
    }
}

extension Daemon {
    /// Answers a question of a user's; `isTrusted` are root and the daemon's own user.
    package func answer(_ request: [UInt8], isTrusted: Bool) async -> [UInt8] {
        let answer: StatusAnswer
        do {
            let request: StatusRequest = try Wire.decode(from: request)
            answer = await self.answer(request.question, isTrusted: isTrusted)
        } catch {
            answer = StatusAnswer(error: "the question \(error)")
        }
        return (try? Wire.encode(answer)) ?? []
    }

    private func answer(_ question: StatusQuestion, isTrusted: Bool) async -> StatusAnswer {
        guard isTrusted || !question.isCommand else {
            return StatusAnswer(error: "only root may make the daemon report: sudo postured report")
        }
        switch question {
        case .status: return StatusAnswer(status: await status())
        case .look: return StatusAnswer(status: await status(isFresh: true))
        case .poke:
            poke()
            return StatusAnswer(status: await status())
        case .report:
            do { _ = try await reportNow() } catch { return StatusAnswer(status: await status(), error: "\(error)") }
            return StatusAnswer(status: await status())
        }
    }
}
