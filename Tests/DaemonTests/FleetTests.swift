import Reporting
import TestSupport
import Testing

@testable import Daemon

@Suite("A fleet whose scorer was away", .timeLimit(.minutes(5)))
struct FleetTests {
    /// The most arrivals in one second after the scorer's return, of a fleet that had reported every five minutes.
    func peak(agents: Int, away: Double) -> Int {
        var generator = SystemRandomNumberGenerator()
        var arrivals: [Int: Int] = [:]
        for _ in 0..<agents {
            var schedule = ReportSchedule(at: 0, using: &generator)
            schedule.began(at: 0)
            schedule.delivered(at: .random(in: -300...0, using: &generator), nextReportIn: 300, using: &generator)
            while schedule.due < away {
                let now = max(0, schedule.due)
                schedule.began(at: now)
                schedule.missed(at: now, using: &generator)
            }
            arrivals[Int(schedule.due - away), default: 0] += 1
        }
        #expect(arrivals.keys.allSatisfy { (0...900).contains($0) })
        return arrivals.values.max() ?? 0
    }

    @Test(
        "comes back over many minutes: 100,000 agents are at most 5,000 a second",
        arguments: [30.0, 300, 3600]
    )
    func spread(away: Double) {
        let peak = peak(agents: 100_000, away: away)
        print("of 100,000 agents, after \(Int(away)) s away: at most \(peak) in one second")
        #expect(peak < 5000)
    }
}

extension ReportSchedule {
    /// The scorer is away, and asks for nothing.
    mutating func missed(at now: Double, using generator: inout some RandomNumberGenerator) {
        failed(at: now, isTransient: true, isLocalFault: false, interval: 300, retryAfter: nil, using: &generator)
    }
}
