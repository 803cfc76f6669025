package import PostureModel

/// What one inspection of a host found: facts, WARP ids, and the result of each certificate check.
package struct CollectedFacts: Sendable {
    /// The facts.
    package var facts: Facts
    /// The ids of the machine's WARP client: those of the configuration, those that the client tells, and
    /// where it does not those of its certificates.
    package var warpIDs: [String]
    /// What the client tells of its ids, or why it does not.
    package var warpClient: Observation<[String]>
    /// The results of the checks, in the configuration's order.
    package var checks: [CheckResult]
}
