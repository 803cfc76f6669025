internal import PostureModel

extension Subject {
    /// The newest report is not older than what gives all points.
    func reportFresh() -> Judgement {
        if evidence.isFromTheFuture(at: now) {
            return .fail("reported at \(evidence.receivedAt), which is yet to come", "set the scorer's clock")
        }
        let age = max(0, evidence.age)
        let elapsed = max(0, now.seconds(since: evidence.receivedAt))
        let outage = elapsed - age
        // The seconds of one outage that nobody noticed are not worth a sentence.
        let counted = outage < 120 ? "" : ", of which the scorer was receiving for \(duration(age))"
        if age <= freshness.freshFor { return .pass("reported \(duration(max(age, elapsed))) ago\(counted)") }
        let (full, nothing) = (duration(freshness.freshFor), duration(freshness.staleAfter))
        return .fail(
            "reported \(duration(max(age, elapsed))) ago\(counted); all points within \(full), none after \(nothing)",
            "turn the machine on; if it is on, see 'postured status' on it"
        )
    }

    /// What the newest report gives of the points of `report_fresh`.
    func shareOfFreshness(of points: Int) -> Int {
        guard !evidence.isFromTheFuture(at: now) else { return 0 }
        let span = freshness.staleAfter - freshness.freshFor
        let left = freshness.staleAfter - max(0, evidence.age)
        return Int(Int64(points) * min(span, max(0, left)) / span)
    }
}

extension Evidence {
    /// Whether the scorer's clock was set back since the report came: by more than two clocks may differ.
    func isFromTheFuture(at now: Timestamp) -> Bool { now.seconds(since: receivedAt) < -300 }
}
