package import PostureModel
package import ScorerModel

/// The score of a device by the policy in force, and by a proposed one that changes it.
package struct SimulatedScore: Sendable, Equatable {
    package let device: DeviceID
    package let before: Int
    package let after: Int
    /// The rules that fail by the proposed policy.
    package let failing: [String]
}

/// The effect of a policy on all devices together.
package struct PolicySimulation: Sendable, Equatable {
    /// How many devices were examined.
    package var examined = 0
    /// How many would have another score.
    package var changed = 0
    /// How many of those that pass would fail.
    package var impact = Impact()
    /// The score from which on a device passes now.
    package var passMark = 0
    /// Whether the change would wait for approval.
    package var needsApproval = false
}
