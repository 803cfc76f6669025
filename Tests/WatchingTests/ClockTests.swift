import CLinuxShims
import Glibc
import TestSupport
import Testing

@testable import Watching

@Suite("The clock", .timeLimit(.minutes(5)))
struct ClockTests {
    // To set the machine's clock would hurt whatever else runs on it, and no namespace has a wall clock of its own.
    @Test("changed each time its descriptor says so, and not without")
    func descriptor() async throws {
        var ends: [CInt] = [-1, -1]
        try #require(unsafe pipe(&ends) == 0)
        let watched = try Watched(clock: ends[0])
        defer { close(ends[1]) }
        #expect(try await watched.changes {} == [])
        for _ in 0..<3 {
            var expirations: UInt64 = 1
            try #require(unsafe write(ends[1], &expirations, 8) == 8)
            #expect(try await watched.changes(through: .clock) == [.clock])
            #expect(try await watched.changes {} == [])
        }
    }

    @Test("is asked for its discontinuities, and otherwise for nothing before the end of time")
    func timer() throws {
        let timer = CLinuxShims_clock_changes()
        defer { close(timer) }
        let lines = String(decoding: try contents(of: "/proc/self/fdinfo/\(timer)"), as: UTF8.self).split(
            separator: "\n"
        )
        // CLOCK_REALTIME; TFD_TIMER_ABSTIME and TFD_TIMER_CANCEL_ON_SET.
        #expect(lines.contains("clockid: 0"))
        #expect(lines.contains("settime flags: 03"))
        let value = try #require(lines.first { $0.hasPrefix("it_value: (") })
        // 200 years, in seconds.
        #expect(try #require(Int(value.dropFirst(11).prefix { $0 != "," })) > 200 * 365 * 86_400)
        var expirations: UInt64 = 0
        #expect(unsafe read(timer, &expirations, 8) == -1)
        #expect(errno == EAGAIN)
    }
}
