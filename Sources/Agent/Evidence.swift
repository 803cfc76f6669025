internal import Blocking
internal import Collectors
internal import OpenSSLBridge
public import PostureModel
internal import Verification

/// What there is to see on the machine now: facts, WARP ids, and what each certificate check found.
public struct Evidence: Sendable {
    /// The facts.
    public var facts: Facts
    /// The ids of the machine's WARP client.
    public var warpIDs: [String]
    /// The results of the checks, in the configuration's order.
    public var checks: [CheckResult]
}

/// Looks at one machine: files below a root, this machine's interfaces, and the databases that the configuration
/// names.
public struct Machine: Sendable {
    private static let queue = BlockingQueue(label: "postured.collect")

    private let root: String
    private let configuration: AgentConfiguration

    /// Creates a view of the machine whose files are below `root`.
    public init(root: String = "/", configuration: AgentConfiguration) {
        self.root = root
        self.configuration = configuration
    }

    /// Collects everything, as of `now`.
    ///
    /// - Throws: only if the root itself cannot be opened; what cannot be read is in the evidence.
    public func collect(at now: Timestamp) async throws -> Evidence {
        let facts = try await facts()
        return Evidence(facts: facts, warpIDs: configuration.warpIDs, checks: await runChecks(on: facts, at: now))
    }

    /// Runs the certificate checks alone, as of `now`.
    ///
    /// - Throws: only if the root itself cannot be opened.
    public func runChecks(at now: Timestamp) async throws -> [CheckResult] {
        let needsFacts = configuration.checks.contains { $0.requirements.names.haveVariables }
        return await runChecks(on: needsFacts ? try await facts() : nil, at: now)
    }

    private func runChecks(on facts: Facts?, at now: Timestamp) async -> [CheckResult] {
        let warpIDs = configuration.warpIDs
        let values = facts.map { VariableValues(facts: $0, warpIDs: warpIDs) } ?? VariableValues()
        var results: [CheckResult] = []
        for check in configuration.checks {
            results.append(await check.run(at: now, values: values, warpIDs: warpIDs))
        }
        return results
    }

    private func facts() async throws -> Facts {
        let root = root
        return try await Self.queue.run {
            let host = try HostRoot(at: root)
            // What the kernel says of interfaces is about this machine, and not about another one's files.
            return root == "/"
                ? Facts(host: host, links: Netlink(), units: NoUnits(), hmacSHA256: Digest.hmacSHA256)
                : Facts(host: host, links: SysfsLinks(root: root), units: NoUnits(), hmacSHA256: Digest.hmacSHA256)
        }
    }
}
