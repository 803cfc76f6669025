internal import Blocking
internal import Collectors
package import PostureModel
internal import Verification

/// Inspects one host: files below a root, this machine's interfaces, and the databases that the configuration names.
package struct HostInspector: Sendable {
    private static let queue = BlockingQueue(label: "postured.collect")

    private let root: String
    private let configuration: AgentConfiguration
    private let sources: HostSources

    /// Creates a view of the machine whose files are below `root`.
    package init(root: String = "/", configuration: AgentConfiguration) {
        let sources = root == "/" ? HostSources.system(keys: configuration.keyDirectory) : .files(below: root)
        self.init(root: root, configuration: configuration, sources: sources)
    }

    init(root: String, configuration: AgentConfiguration, sources: HostSources) {
        self.root = root
        self.configuration = configuration
        self.sources = sources
    }

    /// Collects everything, as of `now`.
    ///
    /// - Throws: only if the root itself cannot be opened; what cannot be read is in what it returns.
    func collect(at now: Timestamp) async throws -> CollectedFacts {
        let facts = try await facts()
        let client = await sources.warp.told(on: Self.queue)
        let issuers = configuration.checks.flatMap { $0.requirements.trusted + $0.requirements.intermediates }
        let known = KnownWARPIDs(
            told: client.ids,
            certificates: await sources.warp.kept(insteadOf: client.ids, besides: issuers),
            configured: configuration.warpIDs,
            remembered: sources.warp.memory?.ids,
            at: now
        )
        let checks = await runChecks(on: facts, warpIDs: judged(by: known), at: now)
        return CollectedFacts(facts: facts, warp: known, warpClient: client, checks: checks)
    }

    /// Keeps in mind what the WARP client told, for a time when it does not.
    func remember(_ collected: CollectedFacts, at now: Timestamp) {
        sources.warp.memory?.learn(collected.warpClient.ids, at: now)
    }

    /// The ids that certificates are judged by: a certificate is not judged by the name of another.
    private func judged(by known: KnownWARPIDs) -> [String] {
        known.source == .certificate ? configuration.warpIDs : known.ids.value?.ids ?? []
    }

    /// Collects everything, and shows it to the people at the machine; `now` is the clock.
    ///
    /// - Throws: only if the root itself cannot be opened.
    package func look(_ now: @Sendable () -> Timestamp) async throws -> MachineView {
        let collected = try await collect(at: now())
        return MachineView(collected, at: now())
    }

    /// Runs the certificate checks alone, as of `now`; `each` is given each result as soon as it is there.
    ///
    /// - Throws: only if the root itself cannot be opened.
    package func runChecks(
        at now: Timestamp,
        each: @Sendable (CheckResult) -> Void = { _ in }
    ) async throws -> [CheckResult] {
        guard configuration.checks.contains(where: { $0.requirements.names.haveVariables }) else {
            return await runChecks(on: nil, warpIDs: configuration.warpIDs, at: now, each)
        }
        let known = KnownWARPIDs(
            told: await sources.warp.told(on: Self.queue).ids,
            configured: configuration.warpIDs,
            remembered: sources.warp.memory?.ids,
            at: now
        )
        return await runChecks(on: try await facts(), warpIDs: judged(by: known), at: now, each)
    }

    private func runChecks(
        on facts: Facts?,
        warpIDs: [String],
        at now: Timestamp,
        _ each: @Sendable (CheckResult) -> Void = { _ in }
    ) async -> [CheckResult] {
        let values = facts.map { VariableValues(facts: $0, warpIDs: warpIDs) } ?? VariableValues()
        var results: [CheckResult] = []
        for check in configuration.checks {
            let result = await check.run(at: now, values: values, warpIDs: warpIDs)
            results.append(result)
            each(result)
        }
        return results
    }

    private func facts() async throws -> Facts {
        let (root, links, units) = (root, sources.links, sources.units)
        return try await Self.queue.run {
            Facts(host: try HostRoot(at: root), links: links, units: units)
        }
    }
}
