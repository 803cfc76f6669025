package import PostureModel

/// The ages of reports at one moment, by the scorer's clock; time in which no scorer received does not count.
package struct Liveness: Sendable {
    /// The moment.
    package let now: Timestamp
    /// Seconds after which a report is stale.
    package let staleAfter: Int64
    private let outages: [Outage]

    /// Creates the ages at a moment.
    package init(at now: Timestamp, staleAfter: Int64, outages: [Outage] = []) {
        (self.now, self.staleAfter) = (now, staleAfter)
        self.outages = outages.sorted { $0.began < $1.began }
    }

    /// Returns the seconds from a receipt until now in which a scorer received reports.
    package func age(of receipt: Timestamp) -> Int64 {
        var (age, counted) = (now.seconds(since: receipt), receipt)
        // Overlapping outages are subtracted once.
        for outage in outages {
            let (began, ended) = (max(outage.began, counted), min(outage.ended, now))
            guard ended > began else { continue }
            age -= ended.seconds(since: began)
            counted = ended
        }
        return age
    }

    /// The ages at another moment.
    package func moved(to moment: Timestamp) -> Liveness {
        Liveness(at: moment, staleAfter: staleAfter, outages: outages)
    }

    /// Whether a report that was received then is not stale.
    package func isLive(_ receipt: Timestamp) -> Bool { age(of: receipt) < staleAfter }

    /// Whether a device reported, and its newest report is not stale.
    package func isLive(_ receipt: Timestamp?) -> Bool { receipt.map { isLive($0) } ?? false }
}
