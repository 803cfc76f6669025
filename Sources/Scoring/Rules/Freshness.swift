internal import PostureModel

extension Subject {
    /// The newest report is not older than what gives all points.
    func reportFresh() -> Judgement {
        if input.isFromTheFuture(at: now) {
            return .fail("reported at \(input.receivedAt), which is yet to come", "set the scorer's clock")
        }
        let age = max(0, input.age)
        let elapsed = max(0, now.seconds(since: input.receivedAt))
        let outage = elapsed - age
        // An outage of seconds is not worth a sentence.
        let counted: @Sendable () -> String = {
            outage < 120 ? "" : ", of which the scorer was receiving for \(TimeSpan(seconds: age))"
        }
        if age <= freshness.freshFor {
            return .pass("reported \(TimeSpan(seconds: max(age, elapsed))) ago\(counted())")
        }
        return .fail(
            "reported \(TimeSpan(seconds: max(age, elapsed))) ago\(counted()); all points within \(TimeSpan(seconds: freshness.freshFor)), "
                + "none after \(TimeSpan(seconds: freshness.staleAfter))",
            "turn the machine on; if it is on, see 'postured status' on it"
        )
    }

    /// The part of the points of `report_fresh` that the newest report gives.
    func shareOfFreshness(of points: Int) -> Int {
        guard !input.isFromTheFuture(at: now) else { return 0 }
        let span = freshness.staleAfter - freshness.freshFor
        let left = freshness.staleAfter - max(0, input.age)
        return Int(Int64(points) * min(span, max(0, left)) / span)
    }
}
