package import PostureModel
internal import Reporting

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
    /// To replace the device's key and to report then; for the same, with root's permit.
    case replaceKey = "replace-key"
    /// To retire the device; for the same, with root's permit.
    case retire

    /// Whether it makes the daemon do something: not everybody may ask that.
    var isCommand: Bool {
        switch self {
        case .status, .look: false
        case .report, .poke, .replaceKey, .retire: true
        }
    }
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
    /// Whether the device has retired, as it was asked to.
    package var hasRetired: Bool?

    private enum CodingKeys: String, CodingKey {
        case version, status, error
        case hasRetired = "retired"
    }

    init(status: AgentStatus? = nil, error: String? = nil, hasRetired: Bool? = nil) {
        (self.status, self.error, self.hasRetired) = (status, error, hasRetired)
    }

    /// Reads what came from the daemon's socket: the only way to an answer, and every text in it is printable.
    ///
    /// The daemon's user is not trusted with the asker's terminal.
    package init(received bytes: [UInt8]) throws(WireError) {
        let answer = try Wire.decodePrintable(Received.self, from: bytes)
        (version, status, error) = (answer.version, answer.status, answer.error)
        hasRetired = answer.hasRetired
    }

    private struct Received: Decodable {
        var version: Int
        var status: AgentStatus?
        var error: String?
        var hasRetired: Bool?

        private enum CodingKeys: String, CodingKey {
            case version, status, error
            case hasRetired = "retired"
        }
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
        case .report: return await reported(first: .report)
        case .replaceKey: return await reported(first: .keyReplacement)
        case .retire: return await reported(first: .retirement)
        }
    }

    private func reported(first: SigningRequest) async -> StatusAnswer {
        do {
            _ = try await reportNow(first: first)
            return StatusAnswer(status: await status())
        } catch is DeviceRetired where first == .retirement {
            return StatusAnswer(status: await status(), hasRetired: true)
        } catch { return StatusAnswer(status: await status(), error: "\(error)") }
    }
}
