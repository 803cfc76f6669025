/// Why the agent cannot do what it was asked to.
struct AgentError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A sentence that says what to do.
    let description: String

    init(_ description: String) { self.description = description }
}
