import Reporting
import Testing

@Suite("The back-off")
struct BackoffTests {
    @Test("doubles up to its ceiling, and draws from the whole of it")
    func bounds() {
        var generator = SplitMix(state: 1)
        let limits = [5.0, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900]
        var draws = [[Double]](repeating: [], count: limits.count)
        for _ in 0..<2000 {
            var backoff = Backoff()
            for step in limits.indices { draws[step].append(backoff.next(using: &generator)) }
        }
        for (limit, draws) in zip(limits, draws) {
            #expect(draws.allSatisfy { (0...limit).contains($0) })
            // Full jitter: a tenth of them in each tenth.
            for tenth in 0..<10 {
                let count = draws.count { Int($0 / limit * 10) == tenth }
                #expect((120...280).contains(count), "\(count) of 2000 in tenth \(tenth) of \(limit) s")
            }
        }
    }

    @Test("stays at its ceiling after any number of failures")
    func ceiling() {
        var generator = SplitMix(state: 2)
        var backoff = Backoff(base: 1, ceiling: 60)
        for _ in 0..<10_000 { #expect(backoff.next(using: &generator) <= 60) }
    }

    @Test("starts anew after a success")
    func reset() {
        var generator = SplitMix(state: 3)
        for _ in 0..<1000 {
            var backoff = Backoff(base: 5, ceiling: 900)
            for _ in 0..<10 { _ = backoff.next(using: &generator) }
            backoff.reset()
            #expect(backoff.next(using: &generator) <= 5)
        }
    }

    @Test("spreads 100,000 agents when their scorer comes back after an hour")
    func fleet() {
        let (agents, interval, outage) = (100_000, 300.0, 3600.0)
        var generator = SplitMix(state: 4)
        var arrivals = [Int](repeating: 0, count: 901)
        for _ in 0..<agents {
            var backoff = Backoff()
            var time = Double.random(in: 0..<interval, using: &generator)
            while time < outage { time += backoff.next(using: &generator) }
            arrivals[Int(time - outage)] += 1
        }
        let mean = Double(agents) / 900
        let most = arrivals.max() ?? 0
        #expect(Double(most) < 3 * mean, "\(most) in the fullest second, \(mean) on average")
    }
}

/// A generator that gives the same numbers each time: Steele, Lea and Flood's SplitMix64.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
