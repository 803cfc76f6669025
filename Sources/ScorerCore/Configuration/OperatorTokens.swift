/// The secrets that are shown on the operators' listener.
package struct OperatorTokens: Sendable, CustomStringConvertible {
    /// For everything.
    package let operators: String
    /// For `/metrics` alone.
    package let metrics: String

    /// A name for logs; a description made by Swift itself would hold the secrets.
    package var description: String { "the operators' tokens" }
}
