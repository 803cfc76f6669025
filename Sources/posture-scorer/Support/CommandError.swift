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
            case .forceAssignment:
                ": compare them with 'posture-scorer conflicts list'; --force assigns them all the same"
            case .confirmRemoval: ": --confirm removes it all the same"
            }
        description = error.description + remedy
    }
}
