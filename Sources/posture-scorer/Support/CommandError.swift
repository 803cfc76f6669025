internal import PostureModel
internal import ScorerCore
internal import ScorerModel

/// An ``OperatorError`` with the command that helps.
struct CommandError: Error, CustomStringConvertible {
    let description: String

    init(_ error: OperatorError, at now: Timestamp = .now()) {
        let remedy =
            switch error.remedy {
            case nil: ""
            case .listDevices: ": posture-scorer devices list"
            case .chooseDevice(let devices, let isCut):
                "; name one by its id:"
                    + (devices.map { "\n  \($0.line(at: now))" } + (isCut ? ["\n  …"] : [])).joined()
            case .listTokens: ": posture-scorer tokens list"
            case .listCAs: ": posture-scorer ca list"
            case .showDevice(let device): ": posture-scorer devices show \(device.argument)"
            case .listConflicts: ": posture-scorer conflicts list"
            case .listClones: ": posture-scorer clones list"
            case .forceAssignment:
                ": compare them with 'posture-scorer conflicts list'; --force assigns them all the same"
            case .confirmRemoval: ": --confirm removes it all the same"
            }
        description = error.description + remedy
    }
}

extension DeviceID {
    /// The id as an argument: one that begins with a hyphen is no option.
    fileprivate var argument: String { rawValue.hasPrefix("-") ? "-- \(rawValue)" : rawValue }
}
