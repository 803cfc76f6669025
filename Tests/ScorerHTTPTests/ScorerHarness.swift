import CurlBridge
import OpenSSLBridge
import PostureModel
import ScorerTestSupport
import TestSupport
import Testing
import Verification

@testable import SQLiteStore
@testable import ScorerCore
@testable import ScorerHTTP
@testable import Scoring

/// A scorer that serves on free ports of this machine, with a store, a clock and a key set of its own.
struct ScorerHarness: Sendable {
    let clock = TestClock()
    let log = LogLines { RequestLogHandler($0) }
    let operatorToken = "pot_" + Base64URL.encode(Digest.random(count: 32))
    let metricsToken = "pmt_" + Base64URL.encode(Digest.random(count: 32))
    private(set) var http = Self.client()
    let directory: TemporaryDirectory
    /// What the store runs.
    let statements = Statements()
    let store: SQLiteStore
    /// Serves the team's key set.
    private let keys: LoopbackServer
    /// The id of the CA that the check trusts.
    private(set) var ca = ""
    /// The URLs of the two listeners.
    private(set) var agents = ""
    private(set) var operators = ""

    private static func client() -> HTTPClient {
        HTTPClient(options: .init(bodyLimit: 1024 * 1024, stallTimeout: 300, timeout: 300))
    }

    /// The same with a client of its own: each sends one request at a time.
    func beside() -> ScorerHarness {
        var other = self
        other.http = Self.client()
        return other
    }

    private init() throws {
        directory = try TemporaryDirectory("scorer")
        store = try SQLiteStore(path: directory.file("scorer.sqlite"), trace: { [statements] in statements.add($0) })
        let keySet = String(decoding: TestTeam.keySet([try TestTeam.entry(TestTeam.keyID)]), as: UTF8.self)
        keys = try LoopbackServer { _, connection in connection.answer(200, [:], keySet) }
    }

    /// Serves while `body` runs; `edit` changes the one check, `corp`, which trusts the CA ``ca``, and `judge` takes the
    /// place of what judges certificates.
    static func run(
        policy: Policy = .standard,
        access: [String] = standardAccess,
        limits: Limits = Limits(seconds: 600),
        budgets: ByteBudgets = ByteBudgets(),
        judge: (any CertificateEvidenceJudge)? = nil,
        desk: MessageWorkPool = MessageWorkPool(),
        check edit: (inout ScorerConfiguration.Check, ScorerHarness) throws -> Void = { _, _ in },
        _ body: @Sendable (ScorerHarness) async throws -> Void
    ) async throws {
        var harness = try ScorerHarness()
        let log = harness.log
        let root = try TrustedCA(name: "Corp Root", certificates: Array(TestCorp.shared().root.pem.utf8))
        harness.ca = try await TrustedCAs(harness.someone).add(root).id
        var check = ScorerConfiguration.Check(
            requirements: CertificateRequirements(trusted: []),
            trusted: [harness.ca]
        )
        try edit(&check, harness)
        let server = try harness.server(policy: policy, access: access, limits, budgets, check, judge, desk)
        try await withThrowingTaskGroup { group in
            defer { group.cancelAll() }
            group.addTask {
                defer { log.finish() }
                try await server.run()
            }
            for await listener in log.listening {
                let url = "http://127.0.0.1:\(listener.port)"
                if listener.audience == "operators" { harness.operators = url } else { harness.agents = url }
                if !harness.agents.isEmpty, !harness.operators.isEmpty { break }
            }
            try #require(!harness.agents.isEmpty && !harness.operators.isEmpty, "the scorer did not start: \(log.all)")
            try await body(harness)
        }
    }

    /// A server that does not serve, for what it is made of.
    static func idle() throws -> ScorerServer {
        let check = ScorerConfiguration.Check(requirements: CertificateRequirements(trusted: []), trusted: [])
        return try ScorerHarness().server(policy: .standard, access: standardAccess, Limits(), ByteBudgets(), check)
    }

    private func server(
        policy: Policy,
        access: [String],
        _ limits: Limits,
        _ budgets: ByteBudgets,
        _ check: ScorerConfiguration.Check,
        _ judge: (any CertificateEvidenceJudge)? = nil,
        _ desk: MessageWorkPool = MessageWorkPool()
    ) throws -> ScorerServer {
        ScorerServer(
            try scorer(policy: policy, check, judge, desk),
            try configuration(access),
            OperatorTokens(operators: operatorToken, metrics: metricsToken),
            log.logger,
            limits,
            budgets
        )
    }

    /// A scorer on this store, beside the one that serves.
    func scorer(
        policy: Policy = .standard,
        _ check: ScorerConfiguration.Check? = nil,
        _ judge: (any CertificateEvidenceJudge)? = nil,
        _ workPool: MessageWorkPool = MessageWorkPool()
    ) throws -> Scorer {
        let clock = clock
        let own = ScorerConfiguration.Check(requirements: CertificateRequirements(trusted: []), trusted: [ca])
        return try Scorer(
            store: store,
            verifier: MessageVerifier(audience: TestDevice.audience),
            checks: ["corp": check ?? own],
            policy: PolicyFile(text: "a test's", policy: policy),
            logger: log.logger,
            judge: judge,
            workPool: workPool,
            now: { clock.tick() }
        )
    }

    /// The lines of [access] for Cloudflare alone; the place of the keys is added.
    static let standardAccess = [
        #"team_domain = "\#(TestTeam.issuer)""#, #"audience = "\#(TestTeam.audience)""#,
        #"common_name = "\#(TestTeam.commonName)""#,
    ]

    private func configuration(_ access: [String]) throws -> ScorerConfiguration {
        let text = """
            url = "\(TestDevice.audience)"
            [listen]
            agents = "127.0.0.1:0"
            operators = "127.0.0.1:0"
            [access]
            \(access.joined(separator: "\n"))
            keys_url = "\(keys.url)/certs"
            """
        return try ScorerConfiguration(at: directory.write(Array(text.utf8), to: "scorer.toml"))
    }
}
