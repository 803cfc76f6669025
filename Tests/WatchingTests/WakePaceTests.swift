import Glibc
import TestSupport
import Testing

@testable import Watching

@Suite("The rest after a wake")
struct WakePaceTests {
    /// When a watcher wakes that others want to wake at any moment, in seconds from 0 to `end`.
    private func wakes(until end: Double, _ pace: inout WakePace, isChange: (Double) -> Bool = { _ in false })
        -> [Double]
    {
        var (now, wakes): (Double, [Double]) = (0, [])
        while now < end {
            wakes.append(now)
            now += pace.rest(afterWakeAt: now, isChange: isChange(now))
        }
        return wakes
    }

    @Test("grows from a thousandth of a second to a second where the wakes do not end")
    func storm() {
        var pace = WakePace()
        let wakes = wakes(until: 3600, &pace)
        let rests = zip(wakes.dropFirst(), wakes).map(-)
        #expect(wakes.count < 3615, "one a second, and a few at the start")
        #expect(zip(rests.dropFirst(), rests).allSatisfy { $0 >= $1 - 0.000_001 })
        #expect(rests.allSatisfy { $0 <= 1.000_001 })
    }

    @Test("is none to speak of once nothing has come for ten seconds")
    func calm() {
        var pace = WakePace()
        _ = wakes(until: 60, &pace)
        #expect(pace.rest(afterWakeAt: 75, isChange: true) == 0.001)
    }

    @Test("is never so long that a change is told later than two seconds after it, whatever else wakes the watcher")
    func changes() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<200 {
            var pace = WakePace()
            var now = 0.0
            for _ in 0..<200 {
                let rest = pace.rest(afterWakeAt: now, isChange: .random(using: &generator))
                // Half a second of quiet follows, and then the report.
                #expect(rest + 0.5 < 2)
                now += rest + (Bool.random(using: &generator) ? .random(in: 0...20, using: &generator) : 0)
            }
        }
    }

    @Test(
        "keeps a thread asleep while another namespace's host name changes all the time",
        .enabled(if: geteuid() == 0, "only root can make network namespaces"),
        .timeLimit(.minutes(5))
    )
    func hostnames() async throws {
        let (own, elsewhere) = (try Namespaces(), try Namespaces())
        // As the watcher's loop, with a clock of its own: twenty changes in each hundredth of a second.
        let wakes = try own.inside {
            var hostname = try HostnameChanges()
            var pace = WakePace()
            var (wakes, restsUntil) = (0, 0.0)
            for step in 0..<500 {
                let now = Double(step) / 100
                try elsewhere.inside {
                    for number in 0..<20 { #expect(unsafe sethostname("laptop-\(number % 10)", 8) == 0) }
                }
                var event = pollfd(fd: hostname.descriptor.number, events: Int16(POLLPRI), revents: 0)
                guard now >= restsUntil, unsafe poll(&event, 1, 0) > 0 else { continue }
                wakes += 1
                restsUntil = now + pace.rest(afterWakeAt: now, isChange: hostname.changed())
            }
            return wakes
        }
        #expect((5...20).contains(wakes), "10,000 changes in five seconds")
    }
}
