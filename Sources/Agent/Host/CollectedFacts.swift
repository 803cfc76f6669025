internal import PostureModel

/// What one inspection of a host found: facts, WARP ids, and the result of each certificate check.
struct CollectedFacts: Sendable {
    /// The facts.
    var facts: Facts
    /// The ids of the machine's WARP client: those of the configuration, those that the client tells, and
    /// where it does not those of its certificates.
    var warpIDs: [String]
    /// What the client tells of its ids, or why it does not.
    var warpClient: Observation<[String]>
    /// The results of the checks, in the configuration's order.
    var checks: [CheckResult]
}
