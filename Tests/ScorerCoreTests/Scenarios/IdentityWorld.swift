import Logging
import OpenSSLBridge
import PostureModel
import ScorerModel
import ScorerStore
import ScorerTestSupport
import TestSupport
import Testing
import Verification

@testable import DeviceIdentity
@testable import SQLiteStore
@testable import ScorerCore
@testable import Scoring

/// A scorer with a store and a clock, whose machines sign real messages with real certificates.
final class IdentityWorld: Sendable {
    let clock = TestClock()
    let log = LogLines()
    let store: SQLiteStore
    let scorer: Scorer
    let pki: TestPKI
    let root: TestCertificate
    private let directory: TemporaryDirectory

    /// The seconds between two queries of Cloudflare's.
    static let polling: Int64 = 3600

    /// Creates a world in which the one check, `corp`, asks for these common names.
    init(
        policy: Policy = .standard,
        names: String? = nil,
        check edit: (inout ScorerConfiguration.Check, TestPKI, TestCertificate, TemporaryDirectory) throws -> Void = {
            _,
            _,
            _,
            _ in
        }
    ) async throws {
        directory = try TemporaryDirectory("world")
        store = try SQLiteStore(path: directory.file("scorer.sqlite"))
        pki = try TestPKI()
        let ca: String
        (root, ca) = try await store.trustedRoot(by: pki, at: clock.now, log)
        var check = ScorerConfiguration.Check(requirements: CertificateRequirements(trusted: []), trusted: [ca])
        if let names { check.requirements.names = NamePatterns(commonName: try NamePattern(names)) }
        try edit(&check, pki, root, directory)
        scorer = try Self.scorer(store, policy, check, clock, log)
    }

    private static func scorer(
        _ store: SQLiteStore,
        _ policy: Policy,
        _ check: ScorerConfiguration.Check,
        _ clock: TestClock,
        _ log: LogLines
    ) throws -> Scorer {
        try Scorer(
            store: store,
            verifier: MessageVerifier(audience: TestDevice.audience),
            checks: ["corp": check],
            policy: PolicyFile(text: "a test's", policy: policy),
            pollingInterval: polling,
            logger: log.logger,
            now: { clock.tick() }
        )
    }

    /// An operator, now.
    var operators: OperatorCommands {
        OperatorCommands(store: store, actor: "a test", logger: log.logger, at: clock.now)
    }

    // MARK: Certificates

    /// A certificate of the company's, with a key of its own.
    func certificate(_ name: String = "laptop.acme.test", validity: TestPKI.Validity = .years) throws
        -> TestDevice.Proof
    {
        let leaf = try pki.leaf(name, issuer: root, validity: validity)
        return TestDevice.Proof(role: "corp", key: try PrivateKey(pem: leaf.keyPEM), certificates: [leaf.der])
    }

    // MARK: Machines

    /// Registers a machine with an enrolment token, which may name the device that it replaces.
    func register(_ machine: Machine, replaces: DeviceID? = nil) async throws {
        let now = clock.now
        let (token, stored) = EnrolmentSecret.make(
            uses: 1,
            expiresAt: now.adding(seconds: 3600),
            by: "a test",
            now: now
        )
        let known = EnrolmentToken(
            hash: stored.hash,
            createdAt: stored.createdAt,
            expiresAt: stored.expiresAt,
            usesLeft: 1,
            createdBy: stored.createdBy,
            replaces: replaces
        )
        _ = try await store.commit([.addToken(known)])
        _ = try await scorer.registrations.register(
            machine.device.message(
                .registration,
                payload: machine.device.registration(token: token),
                nonce: scorer.intake.nonce(at: clock.tick())
            ),
            at: clock.tick()
        )
    }

    /// Registers a machine by its certificate.
    func registerByCertificate(_ machine: Machine) async throws {
        _ = try await scorer.registrations.register(
            machine.device.message(
                .registration,
                payload: machine.device.registration(),
                nonce: scorer.intake.nonce(at: clock.tick()),
                proofs: machine.proof.map { [$0] } ?? []
            ),
            at: clock.tick()
        )
    }

    /// Registers a machine, and lets it report.
    func enrol(_ machine: inout Machine) async throws {
        try await register(machine)
        try await report(&machine)
    }

    /// Lets a machine report, and keeps the receipt of the answer as an agent does, unless the answer is lost.
    @discardableResult
    func report(_ machine: inout Machine, losingAnswer isLost: Bool = false) async throws -> Int {
        let message = try await machine.device.message(
            .report,
            payload: Wire.encode(machine.report(at: clock.now)),
            nonce: scorer.intake.nonce(at: clock.tick()),
            proofs: machine.proof.map { [$0] } ?? []
        )
        let answer = try await scorer.reports.ingest(message, at: clock.tick())
        if !isLost { machine.receipt = answer.receipt }
        return answer.score.value
    }

    // MARK: Cloudflare

    /// The scores of rows in one query.
    func scores(_ rows: PostureRow...) async throws -> [Int] {
        let answer = try await scorer.postureQuery.answer(rows, at: clock.tick())
        return rows.map { answer[$0.deviceID]?.score ?? -1 }
    }

    /// The score of a row in a query of its own.
    func score(_ row: PostureRow) async throws -> Int { try await scores(row)[0] }

    /// The reason code of a row.
    func reason(_ row: PostureRow) async throws -> ReasonCode? {
        try await scorer.postureQuery.answer([row], at: clock.tick())[row.deviceID]?.reason
    }

    /// The kinds of a device's notices.
    func notices(of machine: Machine) async throws -> [IdentityNotice.Kind] {
        try await store.record(of: machine.device.id)?.notices.map(\.kind) ?? []
    }

    /// Lets time pass.
    func pass(_ seconds: Int64) { clock.advance(seconds: seconds) }
}
