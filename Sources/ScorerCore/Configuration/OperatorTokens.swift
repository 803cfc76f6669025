/// The secrets that are shown on the operators' listener.
package struct OperatorTokens: Sendable, CustomStringConvertible {
    package let operators: String
    package let metrics: String

    /// For everything, and for `/metrics` alone.
    package init(operators: String, metrics: String) { (self.operators, self.metrics) = (operators, metrics) }

    /// A name for logs; a description made by Swift itself would hold the secrets.
    package var description: String { "the operators' tokens" }
}
