package import PostureModel
package import ScorerModel

/// Why something cannot be shown or changed for an operator.
package struct OperatorError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What an operator can do about an error.
    ///
    /// The command line and the API each word it in their own terms.
    package enum Remedy: Sendable, Equatable {
        /// Look at the list of devices.
        case listDevices
        /// Name one of these devices by its id; there are more of them if `isCut`.
        case chooseDevice([DeviceSummary], isCut: Bool)
        /// Look at the list of enrolment tokens.
        case listTokens
        /// Look at the list of trusted CAs.
        case listCAs
        /// Look at what is kept of a device.
        case showDevice(DeviceID)
        /// Look at the list of conflicts.
        case listConflicts
        /// Look at the list of clone alarms.
        case listClones
        /// Look at the identifier conflicts, and force the assignment.
        case forceAssignment
        /// Confirm the removal.
        case confirmRemoval
    }

    package let kind: Problem.Kind
    /// What is wrong.
    package let description: String
    package let remedy: Remedy?

    init(_ kind: Problem.Kind, _ description: String, _ remedy: Remedy? = nil) {
        self.kind = kind
        self.description = description
        self.remedy = remedy
    }
}
