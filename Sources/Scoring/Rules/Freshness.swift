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
        let counted = outage < 120 ? "" : ", of which the scorer was receiving for \(TimeSpan(seconds: age))"
        if age <= freshness.fullFor { return .pass("reported \(TimeSpan(seconds: max(age, elapsed))) ago\(counted)") }
        let (full, nothing) = (TimeSpan(seconds: freshness.fullFor), TimeSpan(seconds: freshness.nothingAfter))
        return .fail(
            "reported \(TimeSpan(seconds: max(age, elapsed))) ago\(counted); all points within \(full), none after \(nothing)",
            "turn the machine on; if it is on, see 'postured status' on it"
        )
    }

    /// What the newest report gives of the points of `report_fresh`.
    func shareOfFreshness(of points: Int) -> Int {
        guard !evidence.isFromTheFuture(at: now) else { return 0 }
        let span = freshness.nothingAfter - freshness.fullFor
        let left = freshness.nothingAfter - max(0, evidence.age)
        return Int(Int64(points) * min(span, max(0, left)) / span)
    }
}

extension Evidence {
    /// Whether the scorer's clock was set back since the report came: by more than two clocks may differ.
    func isFromTheFuture(at now: Timestamp) -> Bool { now.seconds(since: receivedAt) < -300 }
}
