internal import Agent
internal import Blocking
internal import ConfigurationFile
internal import Daemon
internal import Files
internal import Glibc

/// What is on the machine: configuration, rights, databases.
extension Examination {
    func readConfiguration() async -> ConfigurationState {
        let path = subject.configuration
        do {
            let configuration = try await within(.seconds(5)) { [subject] in
                try await BlockingQueue(label: "postured.configuration").run {
                    try AgentConfiguration(at: subject.configuration, credentials: subject.credentials)
                }
            }
            return ConfigurationState(configuration: configuration, finding: Self.finding(configuration, path))
        } catch {
            let code = (error as? ConfigurationError)?.code
            guard isRoot || code != .refused else {
                let finding = Finding(
                    "configuration",
                    .skipped,
                    "this user may not read it: \(error)",
                    advice: "ask as root: sudo postured doctor"
                )
                return ConfigurationState(finding: finding)
            }
            let advice =
                code == .absent
                ? "write \(path): see postured.toml(5)"
                : "mend it, as postured.toml(5) says; the daemon keeps to the last good one"
            return ConfigurationState(finding: Finding("configuration", .failed, "\(error)", advice: advice))
        }
    }

    private static func finding(_ configuration: AgentConfiguration, _ path: String) -> Finding {
        guard let scorer = configuration.scorer else {
            return Finding(
                "configuration",
                .failed,
                "\(path) names no scorer",
                advice: "set url in the [scorer] table, as posture-scorer's own configuration has it"
            )
        }
        let checks = configuration.checks.isEmpty ? "nothing" : configuration.checks.map(\.id).joined(separator: ", ")
        return Finding(
            "configuration",
            .ok,
            "\(path) and its drop-ins can be used: checks \(checks), reports to \(scorer.url)"
        )
    }

    /// Why this user may not read a file: EACCES or EPERM; nil where it may, or the file cannot be read for another reason.
    static func refusal(toRead path: String) -> CInt? {
        guard unsafe access(path, R_OK) != 0 else { return nil }
        let number = errno
        return number == EACCES || number == EPERM ? number : nil
    }

    /// Rights and databases; `view` is what the daemon saw.
    func machine(_ state: ConfigurationState, _ daemon: DaemonState, _ view: ViewState) async -> [Finding] {
        guard let configuration = state.configuration else {
            let why = "which file that is depends on the configuration"
            let names = ["state-directory", "device-key", "enrolment-token", "service-token", "warp-ids"]
            return names.map { Finding($0, .skipped, why) } + (await checks(nil, view))
        }
        let hasReported = daemon.status?.answer != nil
        var findings = [
            directory("state-directory", configuration.stateDirectory),
            deviceKey(in: configuration.keyDirectory, isNeeded: hasReported),
            secret("enrolment-token", configuration.scorer?.enrolmentToken) { path in
                guard !hasReported else {
                    return Finding("enrolment-token", .ok, "\(path) is not there: it has been used")
                }
                return Finding(
                    "enrolment-token",
                    .warning,
                    "\(path) is not there, and this machine has never reported",
                    advice: "create a token with 'posture-scorer tokens create' and put it there, mode 0600"
                )
            },
            serviceToken(configuration.scorer),
        ]
        findings.append(await warpIDs(configuration, view))
        findings += configuration.checks.compactMap(database)
        return findings + (await checks(configuration, view))
    }

    private func directory(_ name: String, _ path: String) -> Finding {
        var status = stat()
        // Followed, as the agent does where the directory was moved to another file system.
        guard unsafe stat(path, &status) == 0 else {
            let number = errno
            if number == ENOENT { return Finding(name, .ok, "\(path) is not there yet: the first start makes it") }
            return unseen(name, path, number)
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            let advice = "set state_directory to a directory; if the device's key was there, it belongs there again"
            return Finding(name, .failed, "\(path) is no directory", advice: advice)
        }
        guard status.st_mode & 0o022 == 0 else {
            return Finding(name, .failed, "others may write to \(path)", advice: "chmod go-w \(path)")
        }
        let seen = "\(path) belongs to \(Self.user(status.st_uid)), and nobody else may write to it"
        guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else {
            return Finding(name, .ok, seen)
        }
        return Finding(
            name,
            .warning,
            "\(seen); it is a symbolic link, which systemd may refuse for the service's StateDirectory=",
            advice:
                "mount the other file system there instead; journalctl -b -u postured shows whether systemd refuses it"
        )
    }

    private func deviceKey(in directory: String, isNeeded: Bool) -> Finding {
        let name = "device-key"
        let path = "\(directory)/device-key.pem"
        var (status, parent) = (stat(), stat())
        if unsafe lstat("\(directory)/retired", &status) == 0 {
            return Finding(
                name,
                .warning,
                "this device has retired, or is about to: it reports no more",
                advice: "apt purge postured; or remove \(directory)/retired, to let this machine enrol as a new device"
            )
        }
        if unsafe lstat("\(directory)/device-key.new.pem", &status) == 0 {
            return Finding(
                name,
                .warning,
                "a new key waits for the scorer, and nothing is reported until it has taken it",
                advice: "sudo postured report"
            )
        }
        guard unsafe lstat(path, &status) == 0, unsafe stat(directory, &parent) == 0 else {
            let number = errno
            guard number == ENOENT else { return unseen(name, path, number) }
            guard isNeeded else { return Finding(name, .ok, "\(path) is not there yet: the first report makes it") }
            return Finding(
                name,
                .warning,
                "\(path) is not there, though this machine has reported",
                advice: "restore it from a backup, or let the machine enrol anew as another device"
            )
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            return Finding(name, .failed, "\(path) is no regular file", advice: "put the key itself there")
        }
        guard status.st_mode & 0o077 == 0 else {
            let advice = "chmod 600 \(path); if others may have read it, delete it and enrol anew"
            return Finding(name, .failed, "others may read \(path)", advice: advice)
        }
        guard status.st_uid == parent.st_uid else {
            return Finding(
                name,
                .failed,
                "\(path) belongs to \(Self.user(status.st_uid)), and its directory to \(Self.user(parent.st_uid))",
                advice: "chown it to the directory's owner"
            )
        }
        return Finding(name, .ok, "\(path) belongs to \(Self.user(status.st_uid)), and nobody else may read it")
    }

    /// A file whose contents nobody else may know; what is in it is not looked at.
    private func secret(_ name: String, _ secret: Secret?, absent: (String) -> Finding) -> Finding {
        guard let secret else { return Finding(name, .skipped, "none is configured") }
        guard case .file(let path) = secret else {
            return Finding(name, .skipped, "it is \(secret), which only the service is given")
        }
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else {
            let number = errno
            return number == ENOENT ? absent(path) : unseen(name, path, number)
        }
        if let others = secret.othersMayRead {
            let advice = "chmod 600 it, and make a new token: others may know this one"
            return Finding(name, .failed, "\(path): \(others)", advice: advice)
        }
        if let daemon = daemonUser, ![0, status.st_uid].contains(daemon) {
            let seen =
                "\(path) belongs to \(Self.user(status.st_uid)), and the daemon, \(Self.user(daemon)), cannot read it"
            return Finding(name, .failed, seen, advice: "chown \(daemon) \(path), or hand it over as a credential")
        }
        return Finding(name, .ok, "\(path) can be read by \(Self.user(status.st_uid)) alone")
    }

    /// The file of the service token, and its form; nothing of it is in the finding.
    private func serviceToken(_ scorer: AgentConfiguration.Scorer?) -> Finding {
        let name = "service-token"
        let advice = "put the two lines there that Cloudflare shows, mode 0600"
        let finding = secret(name, scorer?.serviceToken) {
            Finding(name, .failed, "\($0) is not there", advice: advice)
        }
        if finding.outcome == .ok, !isRoot, case .file(let path)? = scorer?.serviceToken,
            let number = Self.refusal(toRead: path)
        {
            return unseen(name, path, number)
        }
        guard finding.outcome == .ok, let flaw = scorer?.serviceTokenFlaw else { return finding }
        return Finding(name, .failed, flaw, advice: advice)
    }

    private func database(_ check: CertificateCheck) -> Finding? {
        guard case .database(let path, _) = check.source else { return nil }
        let name = "database-\(check.id)"
        let file = "\(path)/cert9.db"
        var status = stat()
        guard unsafe stat(file, &status) == 0 else {
            let number = errno
            guard number == ENOENT else { return unseen(name, file, number) }
            return Finding(
                name,
                .failed,
                "\(file) is not there",
                advice: "make the database (certutil -N -d sql:\(path)), or name the right one in the [[check]]"
            )
        }
        guard unsafe access(file, R_OK) == 0 else {
            return Finding(
                name,
                .ok,
                "\(file) belongs to \(Self.user(status.st_uid)); this user may not read it, the collector may"
            )
        }
        let mode = String(status.st_mode & 0o7777, radix: 8)
        return Finding(name, .ok, "\(file) can be read; it belongs to \(Self.user(status.st_uid)), mode \(mode)")
    }

    private func unseen(_ name: String, _ path: String, _ number: CInt) -> Finding {
        let reason = "\(path): \(errorText(number))"
        if !isRoot, number == EACCES || number == EPERM {
            return Finding(
                name,
                .skipped,
                "this user may not look: \(reason)",
                advice: "ask as root: sudo postured doctor"
            )
        }
        return Finding(name, .failed, reason, advice: "make the way to it one that can be followed")
    }

    /// Whose the daemon's socket is, and so whose the daemon.
    private var daemonUser: UInt32? {
        var status = stat()
        return unsafe lstat(subject.socket, &status) == 0 ? status.st_uid : nil
    }

    private static func user(_ number: UInt32) -> String { number == 0 ? "root" : "user \(number)" }
}
