import Foundation
import PostureModel
import TestSupport

/// A scorer on loopback that answers reports as it is told, one after the other, and then hangs up.
struct FakeScorer {
    enum Answer: Sendable {
        case score(Int, nextReportIn: Int = 300)
        case problem(Problem.Kind)
        case status(Int)
    }

    let server: LoopbackServer

    init(_ answers: [Answer]) throws {
        let reports = Collected<Void>()
        let device = DeviceID(rawValue: String(repeating: "A", count: 43))
        server = try LoopbackServer { request, connection in
            guard request.method == "POST" else { return connection.answer(204, ["Replay-Nonce": "nonce-1"]) }
            let number = reports.all.count
            reports.add(())
            guard number < answers.count, let device else { return connection.close() }
            switch answers[number] {
            case .status(let status): connection.answer(status)
            case .problem(let kind):
                let body = try? Wire.pretty(Problem(kind))
                connection.answer(kind.status, ["Content-Type": "application/problem+json"], body ?? "")
            case .score(let value, let next):
                let answer = ReportAnswer(
                    device: device,
                    score: Score(value: value, rules: []),
                    receivedAt: .now(),
                    nextReportIn: next
                )
                connection.answer(200, ["Content-Type": "application/json"], (try? Wire.pretty(answer)) ?? "")
            }
        }
    }
}
