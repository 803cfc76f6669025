internal import Files
internal import Glibc
internal import Synchronization

/// The token that lets the device register, until it has.
final class EnrolmentToken: Sendable {
    private let secret: Secret?
    private let warn: @Sendable (String) -> Void
    private let state = Mutex(State())

    private struct State {
        var isUsed = false
        var hasWarned = false
    }

    /// Creates the token of a configuration; `warn` gets at most one sentence, where the token cannot be deleted.
    init(_ secret: Secret?, warn: @escaping @Sendable (String) -> Void) {
        (self.secret, self.warn) = (secret, warn)
    }

    /// The token; nil where none is configured, or there is none any more.
    func text() throws -> String? {
        let text = try secret?.text()
        if text != nil { state.withLock { $0.isUsed = true } }
        return text
    }

    /// Deletes the token: the scorer knows the device.
    ///
    /// Where that fails, the token is left, and that is said once.
    func discard() {
        guard let sentence = leftover() else { return }
        let isNew = state.withLock { state in
            defer { state.hasWarned = true }
            return !state.hasWarned
        }
        if isNew { warn(sentence) }
    }

    /// Says why the token is still there and what to do; nil where it is gone, or not ours to speak of.
    private func leftover() -> String? {
        switch secret {
        case nil: return nil
        case .credential(let credential):
            // systemd's copy goes with the service. The file that it was made of is out of sight here.
            guard state.withLock({ $0.isUsed }) else { return nil }
            return "the device is registered, and the enrolment token is spent: remove LoadCredential="
                + "\(credential.name) from the unit, and delete the file that it names"
        case .file(let path):
            // A link leads to the token, and is not the token.
            guard let way = try? PathWalk(to: path) else { return nil }
            let target = way.end.path
            // A user who may put a link in the way would choose what is deleted here.
            if let others = way.untrustedWriter(besides: [geteuid()], sticky: true) {
                return "the device is registered, and its enrolment token in \(target) is left there, since \(others): "
                    + "delete it"
            }
            guard unsafe unlink(target) != 0, errno != ENOENT else { return nil }
            let reason = errorText(errno)
            return
                "the device is registered, and its enrolment token in \(target) cannot be deleted (\(reason)): delete "
                + "it, and keep the next one below the state directory, where the agent may"
        }
    }
}
