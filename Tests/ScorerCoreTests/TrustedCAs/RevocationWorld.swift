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

/// A store and a clock, and scorers on it whose one check requires CRLs: each reads a file of its own.
final class RevocationWorld: Sendable {
    let clock = TestClock()
    let log = LogLines()
    let pki: TestPKI
    let root: TestCertificate
    let directory: TemporaryDirectory
    private let ca: String
    private let mode: Revocation.FailureMode

    /// Times by the test's clock, which starts on 2027-01-15 at 08:00.
    static let (yesterday, today, tonight) = ("20270114080000Z", "20270115070000Z", "20270115200000Z")

    init(_ mode: Revocation.FailureMode = .hard) async throws {
        self.mode = mode
        directory = try TemporaryDirectory("revocation")
        pki = try TestPKI()
        let store = try SQLiteStore(path: directory.file("scorer.sqlite"))
        (root, ca) = try await store.trustedRoot(by: pki, at: clock.now, log)
    }

    /// A store of its own on the one database, as another process has it.
    func store(trace: (@Sendable (String) -> Void)? = nil) throws -> SQLiteStore {
        try SQLiteStore(path: directory.file("scorer.sqlite"), trace: trace)
    }

    /// The check with this file of CRLs.
    func check(_ file: String) -> ScorerConfiguration.Check {
        var check = ScorerConfiguration.Check(requirements: CertificateRequirements(trusted: []), trusted: [ca])
        check.crls = [directory.file(file)]
        check.requirements.revocation.failureMode = mode
        return check
    }

    /// The effective checks of a scorer that starts now, with this file of CRLs.
    func checks(_ file: String, store: SQLiteStore? = nil) throws -> EffectiveChecks {
        try EffectiveChecks(["corp": check(file)], store: store ?? self.store(), logger: log.logger, at: clock.now)
    }

    /// A scorer that starts now, with this file of CRLs.
    func scorer(_ file: String, policy: Policy = .standard) async throws -> Scorer {
        let clock = clock
        let policy = PolicyFile(text: "a test's", policy: policy)
        let scorer = try Scorer(
            store: store(),
            verifier: MessageVerifier(audience: TestDevice.audience),
            checks: ["corp": check(file)],
            policy: policy,
            pollingInterval: 3600,
            logger: log.logger,
            now: { clock.tick() }
        )
        try await scorer.start(with: policy)
        return scorer
    }

    /// Writes a CRL of the root to a file, and lets the second pass in which the file may not be looked at again.
    func write(
        _ file: String = "crl.pem",
        revoking revoked: [TestDevice.Proof] = [],
        from start: String = today,
        until end: String = tonight,
        by ca: TestCertificate? = nil
    ) throws {
        let leaves = revoked.compactMap(\.certificates.first)
        let list = try TestCRL.make(by: ca ?? root, revoking: leaves, from: start, until: end)
        _ = try directory.write(list, to: file)
        clock.advance(seconds: 1)
    }

    /// A certificate with a key of its own.
    func certificate(_ number: Int) throws -> TestDevice.Proof {
        let leaf = try pki.leaf("laptop-\(number).acme.test", issuer: root, validity: .years)
        return TestDevice.Proof(role: "corp", key: try PrivateKey(pem: leaf.keyPEM), certificates: [leaf.der])
    }

    /// Registers a machine by its certificate.
    func register(_ machine: Machine, at scorer: Scorer) async throws {
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

    /// Lets a machine report, and keeps the receipt.
    func report(_ machine: inout Machine, to scorer: Scorer) async throws {
        let answer = try await scorer.reports.ingest(
            machine.device.message(
                .report,
                payload: Wire.encode(machine.report(at: clock.now)),
                nonce: scorer.intake.nonce(at: clock.tick()),
                proofs: machine.proof.map { [$0] } ?? []
            ),
            at: clock.tick()
        )
        machine.receipt = answer.receipt
    }
}
