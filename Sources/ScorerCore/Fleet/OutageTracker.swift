package import PostureModel
package import ScorerModel
internal import ScorerStore

/// Records when the scorer was down, so that devices are not penalised for reports it could not receive.
package actor OutageTracker {
    /// Seconds between two heartbeats.
    package static let heartbeatInterval: Int64 = 30
    /// The longest gap between heartbeats, in seconds, that still counts as a normal restart.
    static let toleratedGap: Int64 = 300

    private let store: any ServiceStore
    private var outages: [Outage] = []
    private var lastHeartbeat: ContinuousClock.Instant?

    init(store: any ServiceStore) { self.store = store }

    /// Records that the scorer receives reports at `now`.
    ///
    /// - Throws: what the store throws. The scorer cannot receive reports then.
    package func recordHeartbeat(at now: Timestamp) async throws {
        // Setting the clock of a running machine is no outage. This clock also runs while the machine sleeps.
        let gap = lastHeartbeat.map { Int64($0.duration(to: .now) / .seconds(1)) } ?? .max
        outages = try await store.beat(at: now, tolerance: gap <= Self.toleratedGap ? .max : Self.toleratedGap)
        lastHeartbeat = .now
    }

    /// Returns the outage that ended at `now`, or `nil` if the gap since the last heartbeat was short.
    package func start(at now: Timestamp) async throws -> Outage? {
        outages = try await store.outages()
        guard let last = try await store.lastBeat(), now.seconds(since: last) > Self.toleratedGap else { return nil }
        let outage = Outage(began: last, ended: now)
        outages.append(outage)
        return outage
    }

    /// Reloads outages that another scorer recorded.
    func refresh() async throws { outages = try await store.outages() }

    /// The outages that are remembered.
    package var known: [Outage] { outages }

    /// The ages of reports at `now`, of which one is stale after so many seconds.
    func liveness(staleAfter: Int64, at now: Timestamp) -> Liveness {
        Liveness(at: now, staleAfter: staleAfter, outages: outages)
    }

    /// Returns the seconds from `receipt` to `now` in which the scorer received reports.
    package func age(of receipt: Timestamp, at now: Timestamp) -> Int64 {
        liveness(staleAfter: .max, at: now).age(of: receipt)
    }

    /// Returns when the grace period after the latest outage ends, or `nil` if none is running.
    ///
    /// Agents get one report interval after an outage to report before their age counts again.
    func gracePeriodEnd(reportInterval: Int, at now: Timestamp) -> Timestamp? {
        outages.map { $0.ended.adding(seconds: Int64(reportInterval)) }.filter {
            $0 > now && $0.seconds(since: now) <= reportInterval
        }.max()
    }
}
