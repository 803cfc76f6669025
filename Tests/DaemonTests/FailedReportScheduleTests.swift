import Reporting
import TestSupport
import Testing

@testable import Daemon

@Suite("When the next report is due after one that did not arrive")
struct FailedReportScheduleTests {
    var generator = SystemRandomNumberGenerator()

    /// A schedule whose first report, at 0, has arrived.
    mutating func settled(nextReportIn: Double = 300) -> ReportSchedule {
        var schedule = ReportSchedule(at: 0, using: &generator)
        schedule.began(at: 0)
        schedule.delivered(at: 0, nextReportIn: nextReportIn, using: &generator)
        return schedule
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
