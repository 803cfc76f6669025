import Daemon
import Reporting
import TestSupport
import Testing

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

    @Test("after a back-off with full jitter and a ceiling, which a change of the network ends and another does not")
    mutating func backoff() {
        var schedule = ReportSchedule(at: 0, using: &generator)
        for limit in [5.0, 10, 20, 40, 80, 160, 320, 640, 900, 900] {
            schedule.began(at: 0)
            schedule.failed(
                at: 0,
                isTransient: true,
                isLocalFault: false,
                interval: 300,
                retryAfter: nil,
                using: &generator
            )
            #expect((0...limit).contains(schedule.due))
        }
        let due = schedule.due
        schedule.changed(at: 0)
        #expect(schedule.due == due)
        schedule.networkChanged(at: 0)
        #expect(schedule.due <= 1)
        #expect(schedule.failures == 0)
    }

    @Test("after a back-off where the last life ended with failures")
    mutating func restarted() {
        let dues = (0..<200).map { _ in ReportSchedule(at: 0, failures: 20, using: &generator).due }
        #expect(dues.allSatisfy { (0...900).contains($0) })
        #expect(dues.contains { $0 > 300 })
    }

    @Test("after the interval where no second try mends it")
    mutating func permanent() {
        var schedule = ReportSchedule(at: 0, using: &generator)
        schedule.began(at: 0)
        schedule.failed(
            at: 0,
            isTransient: false,
            isLocalFault: true,
            interval: 1000,
            retryAfter: nil,
            using: &generator
        )
        #expect((900...1100).contains(schedule.due))
    }

    @Test("soon after a change where the last try failed for a reason that lies here, and not where the scorer is away")
    mutating func mended() {
        var schedule = ReportSchedule(at: 0, using: &generator)
        schedule.began(at: 0)
        schedule.failed(
            at: 0,
            isTransient: false,
            isLocalFault: true,
            interval: 300,
            retryAfter: nil,
            using: &generator
        )
        schedule.changed(at: 10)
        #expect(schedule.due == 10.5)
        schedule.began(at: 10.5)
        schedule.changed(at: 11)
        schedule.failed(
            at: 12,
            isTransient: false,
            isLocalFault: true,
            interval: 300,
            retryAfter: nil,
            using: &generator
        )
        #expect(schedule.due == 12)
    }

    @Test(
        "after the back-off, or the silence, whatever changed while the report was on its way",
        arguments: [nil, 3600.0]
    )
    mutating func changedMeanwhile(retryAfter: Double?) {
        var schedule = settled()
        schedule.changed(at: 100)
        schedule.began(at: 101)
        schedule.changed(at: 102)
        var dues: [Double] = []
        for _ in 0..<50 {
            var copy = schedule
            copy.failed(
                at: 103,
                isTransient: true,
                isLocalFault: false,
                interval: 300,
                retryAfter: retryAfter,
                using: &generator
            )
            dues.append(copy.due)
            #expect(copy.isChanged)
        }
        if let retryAfter {
            #expect(dues.allSatisfy { $0 >= 103 + retryAfter })
        } else {
            #expect(dues.contains { $0 > 103.5 })
        }
    }

    @Test("not before the silence is over, though a later try that somebody asked for does not ask for it again")
    mutating func silenceHolds() {
        var schedule = ReportSchedule(at: 0, using: &generator)
        schedule.began(at: 0)
        schedule.failed(
            at: 0,
            isTransient: true,
            isLocalFault: false,
            interval: 300,
            retryAfter: 3600,
            using: &generator
        )
        schedule.asked(at: 10)
        schedule.began(at: 10)
        schedule.failed(
            at: 11,
            isTransient: true,
            isLocalFault: false,
            interval: 300,
            retryAfter: nil,
            using: &generator
        )
        #expect(schedule.due >= 3600)
        schedule.scorerChanged()
        schedule.networkChanged(at: 20)
        #expect(schedule.due <= 21)
    }

    @Test("a few times where a link comes and goes while the scorer is away, and then as the back-off says")
    mutating func churn() {
        var schedule = ReportSchedule(at: 0, using: &generator)
        var tries = 0
        for tenth in 0...6000 {
            let now = Double(tenth) / 10
            if tenth % 10 == 0 { schedule.networkChanged(at: now) }
            guard schedule.due <= now else { continue }
            tries += 1
            schedule.began(at: now)
            schedule.missed(at: now, using: &generator)
        }
        #expect((5...30).contains(tries), "\(tries)")
    }

    @Test(
        "not before the silence is over that the scorer asked for, and not for all at its end",
        arguments: [60.0, 1e9]
    )
    mutating func silence(asked: Double) {
        let length = min(asked, 86_400)
        var ends: Set<Int> = []
        for _ in 0..<50 {
            var schedule = ReportSchedule(at: 0, using: &generator)
            schedule.began(at: 0)
            schedule.failed(
                at: 0,
                isTransient: true,
                isLocalFault: false,
                interval: 300,
                retryAfter: asked,
                using: &generator
            )
            #expect(schedule.due >= length && schedule.due <= length + asked / 4 + 900)
            schedule.networkChanged(at: 1)
            #expect(schedule.due >= length)
            ends.insert(Int(schedule.due * 1000))
            // A person is no stampede.
            schedule.asked(at: 2)
            #expect(schedule.due == 2)
        }
        #expect(ends.count > 1)
    }
}

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
    fileprivate mutating func missed(at now: Double, using generator: inout some RandomNumberGenerator) {
        failed(at: now, isTransient: true, isLocalFault: false, interval: 300, retryAfter: nil, using: &generator)
    }
}
