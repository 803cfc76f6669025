package import PostureModel
package import ScorerModel
package import ScorerStore
internal import Scoring

/// When the scorer was receiving: what it missed while it was not is nobody's fault but its own.
package actor Uptime {
    /// Seconds between two signs of life.
    package static let interval: Int64 = 30
    /// Seconds without one that are no outage: a restart, and the report that agents repeat.
    package static let tolerance: Int64 = 300

    private let store: any ReportStore
    private var outages: [Outage] = []
    private var beaten: ContinuousClock.Instant?

    package init(store: any ReportStore) { self.store = store }

    /// Notes that the scorer receives at `now`.
    ///
    /// - Throws: what the store throws: then it does not receive.
    package func beat(at now: Timestamp) async throws {
        // The clock of a machine that ran all the time may be set: that is no outage. It runs on while the machine sleeps.
        let silence = beaten.map { Int64($0.duration(to: .now) / .seconds(1)) } ?? .max
        let wasThere = silence <= Self.tolerance
        outages = try await store.beat(at: now, tolerance: wasThere ? .max : Self.tolerance)
        beaten = .now
    }

    /// Finds out for how long nobody was receiving, before the first sign of life.
    package func begin(at now: Timestamp) async throws -> Outage? {
        outages = try await store.outages()
        guard let last = try await store.lastBeat(), now.seconds(since: last) > Self.tolerance else { return nil }
        let outage = Outage(began: last, ended: now)
        outages.append(outage)
        return outage
    }

    /// Reads when another process was not receiving, without a sign of life of this one.
    package func learn() async throws { outages = try await store.outages() }

    /// Seconds from `receipt` to `now` in which the scorer was receiving.
    package func age(of receipt: Timestamp, at now: Timestamp) -> Int64 {
        var (age, seen) = (now.seconds(since: receipt), receipt)
        // Two that overlap count once.
        for outage in outages.sorted(by: { $0.began < $1.began }) {
            let (began, ended) = (max(outage.began, seen), min(outage.ended, now))
            guard ended > began else { continue }
            age -= ended.seconds(since: began)
            seen = ended
        }
        return age
    }

    /// The end of the time after an outage in which agents are given to report, `interval` seconds; nil outside of it.
    package func recovery(of interval: Int, at now: Timestamp) -> Timestamp? {
        outages.map { $0.ended.adding(seconds: Int64(interval)) }.filter {
            $0 > now && $0.seconds(since: now) <= interval
        }.max()
    }
}
