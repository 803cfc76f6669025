internal import Logging

/// A kind of change by operators; the file of each topic declares its own.
package struct OperatorAction: Sendable {
    /// The audit's name of it, such as `device.block`.
    package let name: String
    /// What the log says.
    let message: Logger.Message
    /// The log's name of what is changed.
    let subject: String

    init(_ name: String, _ message: Logger.Message, subject: String = "subject") {
        (self.name, self.message, self.subject) = (name, message, subject)
    }
}
