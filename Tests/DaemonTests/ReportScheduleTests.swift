import Reporting
import TestSupport
import Testing

@testable import Daemon

@Suite("When the next report is due")
struct ReportScheduleTests {
    var generator = SystemRandomNumberGenerator()

    /// A schedule whose first report, at 0, has arrived.
    mutating func settled(nextReportIn: Double = 300) -> ReportSchedule {
        var schedule = ReportSchedule(at: 0, using: &generator)
        schedule.began(at: 0)
        schedule.delivered(at: 0, nextReportIn: nextReportIn, using: &generator)
        return schedule
    }

    @Test("at once after a start")
    mutating func start() {
        #expect(ReportSchedule(at: 7, using: &generator).due == 7)
    }

    @Test("after the interval that the scorer asks for, a tenth more or less, from ten seconds to a day")
    mutating func interval() {
        for (asked, meant) in [(300.0, 300.0), (0, 10), (-5, 10), (1e18, 86_400)] {
            let due = settled(nextReportIn: asked).due
            #expect((meant * 0.9...meant * 1.1).contains(due), "\(asked): \(due)")
        }
    }

    @Test("when a change has been quiet for a moment; a burst of them within a second")
    mutating func changes() {
        var schedule = settled()
        schedule.changed(at: 100)
        #expect(schedule.due == 100.5)
        schedule.changed(at: 100.2)
        #expect(schedule.due == 100.7)
        var burst = settled()
        for tenth in 0...30 { burst.changed(at: 100 + Double(tenth) / 10) }
        #expect(burst.due <= 101)
    }

    @Test("again, for what changes while a report is on its way")
    mutating func meanwhile() {
        var schedule = settled()
        schedule.changed(at: 100)
        schedule.began(at: 100.5)
        #expect(!schedule.isChanged)
        #expect(schedule.due == .infinity)
        schedule.changed(at: 100.6)
        schedule.delivered(at: 101, nextReportIn: 300, using: &generator)
        #expect(schedule.isChanged)
        #expect(schedule.due <= 101.5)
    }

    /// When reports of changes are made within so many seconds, where something changes as `changes` says.
    private mutating func reports(within end: Double, changes: (Double) -> Bool = { _ in true }) -> [Double] {
        // A scorer that leaves the pace to the changes.
        var schedule = settled(nextReportIn: 86_400)
        var reports: [Double] = []
        for tenth in 0..<Int(end * 10) {
            let now = Double(tenth) / 10
            if changes(now) { schedule.changed(at: now) }
            guard schedule.due <= now else { continue }
            schedule.began(at: now)
            schedule.delivered(at: now, nextReportIn: 86_400, using: &generator)
            reports.append(now)
        }
        return reports
    }

    @Test("twenty times at once, and then at distances that double up to five minutes, where changes do not end")
    mutating func flapping() {
        let reports = reports(within: 7200)
        let distances = zip(reports.dropFirst(), reports).map(-)
        #expect(distances.prefix(19).allSatisfy { $0 < 2 }, "\(distances)")
        #expect(zip(distances.dropFirst(20), distances.dropFirst(19)).allSatisfy { $0 >= $1 - 2 }, "\(distances)")
        #expect(distances.allSatisfy { $0 < 302 })
        #expect(reports.count < 20 + 6 + 7200 / 300 + 1)
    }

    @Test(
        "within two seconds of a change once two minutes were calm, however long a storm there was",
        arguments: 1...20
    )
    mutating func afterStorm(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        // Storms and calms of any length.
        var (isStorm, until, calmSince) = (true, 0.0, Double.infinity)
        var late: [Double] = []
        var asked: Double?
        var schedule = settled(nextReportIn: 86_400)
        for tenth in 0..<100_000 {
            let now = Double(tenth) / 10
            if now >= until {
                // The first change after a calm is the one that a person waits for.
                if !isStorm, now - calmSince >= 121 { asked = now }
                isStorm.toggle()
                calmSince = isStorm ? .infinity : now
                until = now + .random(in: 1...(isStorm ? 900 : 600), using: &random)
            }
            if isStorm { schedule.changed(at: now) }
            if let since = asked, now - since > 2 {
                late.append(since)
                asked = nil
            }
            guard schedule.due <= now else { continue }
            schedule.began(at: now)
            schedule.delivered(at: now, nextReportIn: 86_400, using: &generator)
            asked = nil
        }
        #expect(late.isEmpty, "\(late)")
    }

    @Test("in any hour twenty times, and once for each calm and each of the longest distances", arguments: 1...20)
    mutating func anyPattern(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let density = Double.random(in: 0.001...1, using: &random)
        let reports = reports(within: 20_000) { _ in .random(in: 0..<1, using: &random) < density }
        for start in reports {
            #expect(reports.count { (start..<start + 3600).contains($0) } <= 20 + 6 + 3600 / 300 + 3600 / 120)
        }
    }
}
