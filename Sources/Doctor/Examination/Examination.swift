internal import Agent
internal import Daemon
internal import Glibc
package import PostureModel

/// Looks at every precondition of a report, as far as this user may, and goes on as far as that leads.
///
/// A step takes ten seconds at most, all of them forty.
package struct Examination: Sendable {
    /// What the examination is of.
    package struct Subject: Sendable {
        /// The configuration's file.
        package var configuration: String
        /// The root of the host tree.
        package var root: String
        /// The directory of the credentials that systemd gave, if it gave any.
        package var credentials: String?
        /// The daemon's socket.
        package var socket: String
        /// The variables of this process's environment that name proxies.
        package var environment: [String: String]

        /// Names it.
        package init(
            configuration: String,
            root: String,
            credentials: String?,
            socket: String,
            environment: [String: String]
        ) {
            (self.configuration, self.root, self.credentials) = (configuration, root, credentials)
            (self.socket, self.environment) = (socket, environment)
        }
    }

    let subject: Subject
    let now: @Sendable () -> Timestamp
    let isRoot = geteuid() == 0

    /// Prepares an examination; `now` is the clock.
    package init(of subject: Subject, now: @escaping @Sendable () -> Timestamp) {
        (self.subject, self.now) = (subject, now)
    }

    /// Looks.
    package func run() async -> Diagnosis {
        let began = now()
        let configuration = await readConfiguration()
        let daemon = await askDaemon()
        async let network = network(configuration, daemon)
        async let view = freshView(daemon)
        let machine = await machine(configuration, daemon, view)
        let findings =
            await [configuration.finding] + machine + [clock] + network + service(daemon, configuration, view)
        let secrets = proxySecrets + (configuration.scorer?.proxy?.userInfo ?? [])
        return Diagnosis(
            agent: "postured/\(Version.text)",
            now: began,
            findings: findings.map { $0.hiding(secrets.filter { $0.utf8.count >= 4 }) }
        )
    }

    /// The names and passwords in the environment's proxies, which libcurl's sentences may quote.
    var proxySecrets: [String] { subject.environment.values.flatMap(\.userInfo) }

    private var clock: Finding {
        let now = now()
        guard now < Version.builtAfter else { return Finding("clock", .ok, "the clock says \(now)") }
        return Finding(
            "clock",
            .failed,
            "the clock says \(now), and this program was made later",
            advice: "set the clock: timedatectl set-ntp true; until then no certificate can be judged"
        )
    }
}

/// The configuration, or why there is none to be seen.
struct ConfigurationState: Sendable {
    var configuration: AgentConfiguration?
    var finding: Finding
    var scorer: AgentConfiguration.Scorer? { configuration?.scorer }
}
