internal import Agent
internal import ConfigurationFile
internal import Daemon
internal import OpenSSLBridge
internal import PostureModel
internal import Reporting

/// The way to the scorer, step by step: what fails hides what comes after it.
extension Examination {
    /// Seconds that a step may take: three of them come one after the other, and the name before them.
    private static let patience = 7

    /// Without the configuration, the way to the scorer that the daemon names: it is not known then whom to trust there,
    /// nor by which proxy and token to go, and so nothing is said to have failed.
    func network(_ state: ConfigurationState, _ daemon: DaemonState) async -> [Finding] {
        if let scorer = state.scorer { return await network(scorer) }
        let named = daemon.status?.scorer.map { url in
            var scorer = AgentConfiguration.Scorer(url: url)
            if isLoopback(url: url) { scorer.proxy = "" }
            return scorer
        }
        let advice =
            state.finding.outcome == .skipped ? "ask as root: sudo postured doctor" : "mend the configuration first"
        return await network(named).map { finding in
            guard finding.outcome == .failed else { return finding }
            return Finding(
                finding.name,
                .skipped,
                "without what the configuration says of the way there: \(finding.seen)",
                advice: advice
            )
        }
    }

    private func network(_ scorer: AgentConfiguration.Scorer?) async -> [Finding] {
        let names = ["proxy", "dns", "connection", "tls", "access", "scorer", "scorer-clock"]
        guard let scorer else {
            return names.map { Finding($0, .skipped, "no scorer is known: it depends on the configuration") }
        }
        let probe = scorer.probe(seconds: Self.patience)
        let route: ScorerProbe.Route
        do { route = try await Self.inTime { await probe.route() } } catch { route = .unknown("\(error)") }
        let proxy = ProxyChoice(
            route,
            to: scorer.url,
            configured: scorer.proxy,
            environment: subject.environment
        )
        var findings = [Self.finding(proxy), await name(scorer.url.urlHost, proxy)]
        if findings[1].outcome != .failed {
            findings += await Self.connection(probe, scorer.url, proxy: proxy, now: now())
            if !findings.contains(where: { $0.outcome == .failed }) { findings += await answers(of: probe, scorer) }
        }
        let cause = findings.first { $0.outcome == .failed }.map { "\($0.name), which failed" } ?? "what was skipped"
        let rest = names.dropFirst(findings.count)
        return findings + rest.map { Finding($0, .skipped, "it depends on \(cause)") }
    }

    private static func finding(_ proxy: ProxyChoice) -> Finding {
        guard case .unknown = proxy.route else { return Finding("proxy", .ok, proxy.sentence) }
        return Finding("proxy", .warning, proxy.sentence, advice: "is scorer.proxy, or https_proxy, written as a URL?")
    }

    private func name(_ host: String, _ proxy: ProxyChoice) async -> Finding {
        do {
            let limit = Duration.seconds(Self.patience)
            let addresses = try await within(limit) { try await HostLookup.addresses(of: host) }
            return Finding("dns", .ok, "\(host) is \(addresses.joined(separator: ", "))")
        } catch {
            guard !proxy.isPossible else {
                return Finding(
                    "dns",
                    .warning,
                    "\(host): \(error)",
                    advice: "nothing, if the proxy is to resolve it"
                )
            }
            return Finding(
                "dns",
                .failed,
                "\(host): \(error)",
                advice:
                    "see resolvectl status and /etc/resolv.conf; is the machine online, and the name in scorer.url right?"
            )
        }
    }

    private static func connection(
        _ probe: ScorerProbe,
        _ url: String,
        proxy: ProxyChoice,
        now: Timestamp
    ) async -> [Finding] {
        let connection: ScorerProbe.Connection
        do { connection = try await inTime { await probe.connect() } } catch {
            connection = .none("\(error)", proxy: nil)
        }
        switch connection {
        case .none(let reason, let refusal):
            let advice =
                refusal?.advice
                ?? proxy.proxy.map { "is the proxy \($0) the right one, and does it let this machine through?" }
                ?? "is the scorer, or what stands before it, up? does a firewall let this machine through?"
            return [Finding("connection", .failed, reason, advice: advice)]
        case .noTLS(let reason):
            let advice =
                "is a proxy that inspects TLS in between? then its CA belongs into the system's trust store or scorer.ca_file; "
                + "is the clock right, and are scorer.pins the server's?"
            return [
                Finding("connection", .ok, "something listens there"), Finding("tls", .failed, reason, advice: advice),
            ]
        case .made(let address, let certificate):
            let connected = Finding("connection", .ok, "connected to \(address)")
            guard !url.hasPrefix("https:") else { return [connected, tls(certificate, now)] }
            let seen =
                isLoopback(url: url)
                ? "http to this machine has none"
                : "http has none: anybody on the way can read what is sent, as allow_plain_http allows"
            return [connected, Finding("tls", .skipped, seen)]
        }
    }

    /// What the probe says in its time, and a second for what libcurl does not bound: it waits for the resolver.
    private static func inTime<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await within(.seconds(patience + 1), work)
    }

    /// How long before the server's certificate expires, the person who runs the server should know.
    private static let warning = TimeSpan(seconds: 7 * 86_400)

    private static func tls(_ pem: String?, _ now: Timestamp) -> Finding {
        let certificate = pem.flatMap { try? Certificate.parse(pem: $0).first }
        guard let certificate, let validity = certificate.validity else {
            return Finding("tls", .ok, "the certificate holds")
        }
        let seen = "the certificate of \(certificate.subject) holds, until \(validity.end)"
        guard validity.isNearEnd(at: now, warning: warning) else { return Finding("tls", .ok, seen) }
        let left = validity.timeLeft(at: now)
        return Finding("tls", .warning, "\(seen) (\(left) left)", advice: "tell whoever runs the scorer to renew it")
    }

    private func answers(of probe: ScorerProbe, _ scorer: AgentConfiguration.Scorer) async -> [Finding] {
        let health: ScorerProbe.Answer
        do { health = try await Self.inTime { try await probe.health() } } catch {
            let advice = "see the logs of the scorer and of what stands before it"
            return [
                Finding("access", .ok, "nothing before the scorer wants other credentials"),
                Finding("scorer", .failed, "\(error)", advice: advice),
            ]
        }
        let before = access(health, scorer)
        guard before.outcome == .ok else { return [before] }
        return [before, await Self.scorer(probe, health), clock(against: health)]
    }

    private func access(_ answer: ScorerProbe.Answer, _ scorer: AgentConfiguration.Scorer) -> Finding {
        guard !answer.isScorers, answer.problem == nil, answer.foreign.isBeforeScorer else {
            return Finding("access", .ok, "nothing before the scorer wants other credentials")
        }
        let seen = "something before the scorer answers \(answer.status): \(answer.foreign.cause)"
        guard let flaw = answer.tokenFlaw else {
            return Finding("access", .failed, seen, advice: answer.foreign.advice)
        }
        let text = "\(seen), asked without the service token: \(flaw)"
        guard !isRoot, case .file(let path)? = scorer.serviceToken, Self.refusal(toRead: path) != nil else {
            return Finding(
                "access",
                .failed,
                text,
                advice: "mend the service token; a credential is the service's alone"
            )
        }
        return Finding("access", .skipped, text, advice: "ask as root: sudo postured doctor")
    }

    private static func scorer(_ probe: ScorerProbe, _ health: ScorerProbe.Answer) async -> Finding {
        guard health.isScorers else { return scorer("/healthz", health) }
        do {
            let nonce = try await inTime { try await probe.nonce() }
            return nonce.isScorers
                ? Finding("scorer", .ok, "it answers, and gives nonces") : scorer("/v1/nonce", nonce)
        } catch { return Finding("scorer", .failed, "/v1/nonce: \(error)", advice: "do the scorer's logs say more?") }
    }

    /// An answer that is no scorer's, or that says what is wrong there.
    private static func scorer(_ path: String, _ answer: ScorerProbe.Answer) -> Finding {
        let seen = "\(path) answers \(answer.status)"
        if let problem = answer.problem {
            return Finding("scorer", .failed, "\(seen): \(problem)", advice: "do the scorer's logs say more?")
        }
        return Finding("scorer", .failed, "\(seen): \(answer.foreign.cause)", advice: answer.foreign.advice)
    }

    private func clock(against answer: ScorerProbe.Answer) -> Finding {
        let name = "scorer-clock"
        guard let date = answer.date else { return Finding(name, .skipped, "the answer says no time") }
        let difference = now().seconds(since: date)
        guard abs(difference) > 60 else { return Finding(name, .ok, "the scorer's clock and this one agree") }
        return Finding(
            name,
            .warning,
            "this clock is \(TimeSpan(seconds: abs(difference))) \(difference > 0 ? "ahead of" : "behind") the scorer's, which says \(date)",
            advice: "set the clock: timedatectl set-ntp true"
        )
    }
}
