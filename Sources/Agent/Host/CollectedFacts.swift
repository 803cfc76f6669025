internal import Collectors
internal import PostureModel

/// What one inspection of a host found: facts, WARP ids, and the result of each certificate check.
struct CollectedFacts: Sendable {
    /// The facts.
    var facts: Facts
    /// The ids of the machine's WARP client, and where they come from.
    var warp: KnownWARPIDs
    /// What the client itself answered.
    var warpClient: WARPAnswer
    /// The results of the checks, in the configuration's order.
    var checks: [CheckResult]
}
