internal import ConfigurationFile
internal import Glibc
internal import Logging
internal import PostureModel
internal import ScorerCore
internal import SystemdBridge

extension ConfigurationOption {
    /// Returns the commands of the user who runs this program, whether or not a scorer runs.
    func commands() throws -> OperatorCommands {
        // Root becomes the owner of the state directory when the store is opened.
        let actor = commandLineActor()
        return OperatorCommands(store: try store(), actor: actor, logger: commandLineLogger(), at: Timestamp.now())
    }
}

/// Returns the audit's name of the user who runs the command: `alice (uid 1000) by command line`.
///
/// The login's user where the kernel knows of a login: neither su(1) nor sudo(8) changes that. Else whom sudo names,
/// where root runs the command; else the process's user.
///
/// - Source: proc_pid_loginuid(5), sudo(8)
private func commandLineActor() -> String {
    // (uid_t)-1 stands for none.
    let login = (try? readFile("/proc/self/loginuid", limit: 32)).flatMap { uid(String(decoding: $0, as: UTF8.self)) }
    let sudo = getuid() == 0 ? unsafe getenv("SUDO_UID").flatMap { uid(unsafe String(cString: $0)) } : nil
    let user = login ?? sudo ?? getuid()
    let name = unsafe getpwuid(user).map { unsafe String(cString: $0.pointee.pw_name) }
    return "\(name ?? "a user without a name") (uid \(user)) by command line"
}

private func uid(_ text: String) -> uid_t? {
    uid_t(text.trimmed()).flatMap { $0 == .max ? nil : $0 }
}

/// Returns a logger that writes to the journal, not to the terminal: the command prints its own result.
private func commandLineLogger() -> Logger {
    let hasJournal = unsafe access("/run/systemd/journal/socket", F_OK) == 0
    return Logger(label: "posture-scorer") { label -> any LogHandler in
        hasJournal ? JournalLogHandler(label: label) as any LogHandler : SwiftLogNoOpLogHandler()
    }
}
