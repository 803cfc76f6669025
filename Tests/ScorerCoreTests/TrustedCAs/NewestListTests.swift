import OpenSSLBridge
import PostureModel
import ScorerModel
import ScorerStore
import ScorerTestSupport
import Synchronization
import TestSupport
import Testing
import Verification

@testable import SQLiteStore
@testable import ScorerCore
@testable import Scoring

@Suite("The newest CRL of an issuer")
struct NewestListTests {
    let world: RevocationWorld
    let proofs: [TestDevice.Proof]

    init() async throws {
        let world = try await RevocationWorld()
        (self.world, proofs) = (world, try (1...2).map { try world.certificate($0) })
    }

    /// The numbers of the certificates that a scorer takes for revoked.
    private func revoked(_ checks: EffectiveChecks, of world: RevocationWorld? = nil) async throws -> [Int] {
        let world = world ?? self.world
        let snapshot = try await checks.at(world.clock.now, crlGrace: 0)
        let known = snapshot.trust.checks["corp"]?.revocations.values.flatMap(\.self).flatMap(\.serialNumbers) ?? []
        let listed = snapshot.requirements["corp"]?.revocation.lists.flatMap(\.revokedSerialNumbers) ?? []
        #expect(Set(known) == Set(listed), "stored verdicts and new ones are judged by the same lists")
        let serials = try proofs.map { try Certificate(der: $0.certificates[0]).serialNumber }
        return [1, 2].filter { known.contains(serials[$0 - 1]) }
    }

    @Test("is kept by the store: another scorer with an older file follows within a second")
    func severalScorers() async throws {
        try world.write("one.pem")
        try world.write("two.pem", from: RevocationWorld.yesterday)
        let (one, two) = (try world.checks("one.pem"), try world.checks("two.pem"))
        #expect(try await revoked(one) == [])
        #expect(try await revoked(two) == [])
        try world.write("one.pem", revoking: [proofs[0]], from: "20270115073000Z")
        #expect(try await revoked(one) == [1])
        world.clock.advance(seconds: 1)
        #expect(try await revoked(two) == [1])
        try world.write("two.pem", revoking: [proofs[1]], from: "20270115074000Z")
        #expect(try await revoked(two) == [2], "a hold was lifted")
        world.clock.advance(seconds: 1)
        #expect(try await revoked(one) == [2])
    }

    @Test("is not one of the future, which counts from five minutes before its time")
    func future() async throws {
        try world.write()
        let checks = try world.checks("crl.pem")
        #expect(try await revoked(checks) == [])
        // An hour after the clock's start.
        try world.write(revoking: [proofs[0]], from: "20270115090000Z")
        #expect(try await revoked(checks) == [])
        #expect(try await world.store().crls().map(\.thisUpdate) == [TestClock.start.adding(seconds: -3600)])
        world.clock.set(TestClock.start.adding(seconds: 3600 - 301))
        #expect(try await revoked(checks) == [])
        world.clock.set(TestClock.start.adding(seconds: 3600 - 299))
        #expect(try await revoked(checks) == [1])
        #expect(try await revoked(world.checks("crl.pem")) == [1])
    }

    @Test("is missing where there is one of the future alone: with hard failure nothing is valid then")
    func onlyFuture() async throws {
        try world.write(revoking: [proofs[0]], from: "20270115090000Z")
        let checks = try world.checks("crl.pem")
        let snapshot = try await checks.at(world.clock.now, crlGrace: 0)
        let list = try #require(snapshot.trust.checks["corp"]?.revocations.values.first?.first)
        #expect(list.state(at: world.clock.now) == .notYetValid(from: TestClock.start.adding(seconds: 3600)))
        let requirements = try #require(snapshot.requirements["corp"])
        #expect(requirements.revocation.needsLists && requirements.revocation.leeway.early == 300)
        let judge = CertificateJudge(requirements, names: .any, at: world.clock.now)
        for proof in proofs {
            guard case .invalid(let problem) = try judge.judge(Certificate(der: proof.certificates[0])) else {
                Issue.record("accepted")
                continue
            }
            #expect(problem.code == .revocationUnknown)
        }
    }

    @Test("is signed by the issuer: another CA of its name revokes nothing and is not kept")
    func forged() async throws {
        try world.write()
        let checks = try world.checks("crl.pem")
        #expect(try await revoked(checks) == [])
        let stranger = try TestPKI().ca("Corp Root", validity: .years)
        try world.write(revoking: [proofs[0]], from: "20270115073000Z", by: stranger)
        let snapshot = try await checks.at(world.clock.now, crlGrace: 0)
        #expect(snapshot.trust.checks["corp"]?.revocations.values.flatMap(\.self).flatMap(\.serialNumbers) == [])
        #expect(try await world.store().crls().count == 1)
    }

    @Test("in the store is believed only by its signature")
    func damagedStore() async throws {
        try world.write()
        let store = try world.store()
        let issuerKey = try Certificate(der: world.root.der).keyFingerprint
        let stranger = try TestPKI().ca("Corp Root", validity: .years)
        let forged = try TestCRL.make(by: stranger, revoking: [proofs[0].certificates[0]], from: "20270115075000Z")
        _ = try await store.keep(StoredCRL(issuerKey: issuerKey, thisUpdate: world.clock.now, der: forged))
        try world.write(revoking: [proofs[1]])
        #expect(try await revoked(world.checks("crl.pem", store: store)) == [2])
        #expect(world.log.all.contains { $0.hasPrefix("error a CRL in the database cannot be read") })
    }

    @Test("is not one that a scorer with a wrong clock has kept, until its time comes")
    func wrongClock() async throws {
        try world.write(revoking: [proofs[0]])
        let checks = try world.checks("crl.pem")
        #expect(try await revoked(checks) == [1])
        try world.write("late.pem", from: "20270115100000Z")
        world.clock.advance(seconds: 7200)
        #expect(try await revoked(world.checks("late.pem")) == [])
        world.clock.advance(seconds: -7200)
        #expect(try await revoked(checks) == [1])
        #expect(try await revoked(world.checks("crl.pem")) == [1])
        world.clock.advance(seconds: 7200)
        #expect(try await revoked(checks) == [])
    }

    @Test("is looked for in the store once a second, however many checks and questions there are")
    func onceASecond() async throws {
        let reads = Statements()
        let store = try world.store(trace: { reads.add($0) })
        try world.write("one.pem")
        try world.write("two.pem", from: "20270115073000Z")
        let all = ["one": world.check("one.pem"), "two": world.check("two.pem"), "none": world.check("one.pem")]
        var configured = all
        configured["none"]?.crls = []
        let checks = try EffectiveChecks(configured, store: store, logger: world.log.logger, at: world.clock.now)
        for second in 1...3 {
            for _ in 0..<5 {
                let snapshot = try await checks.at(world.clock.now, crlGrace: 0)
                #expect(snapshot.requirements["one"]?.revocation.lists.count == 1)
                #expect(snapshot.requirements["none"]?.revocation.lists.isEmpty == true)
                #expect(snapshot.requirements["none"]?.revocation.needsLists == false)
                // The issuer's newest list counts for each check that looks at CRLs.
                let times = ["one", "two"].map { snapshot.requirements[$0]?.revocation.lists.first?.thisUpdate }
                #expect(times == [TestClock.start.adding(seconds: -1800), TestClock.start.adding(seconds: -1800)])
            }
            #expect(reads.count == second)
            world.clock.advance(seconds: 1)
        }
    }

    @Test("stays where its file is gone, broken, or holds another issuer's", arguments: [true, false])
    func broken(isOther: Bool) async throws {
        try world.write(revoking: [proofs[0]])
        let checks = try world.checks("crl.pem")
        #expect(try await revoked(checks) == [1])
        let other = try TestPKI().ca("Other Root", validity: .years)
        let bytes = isOther ? try TestCRL.make(by: other) : Array("no CRL".utf8)
        _ = try world.directory.write(bytes, to: "crl.pem")
        for _ in 0..<2 {
            world.clock.advance(seconds: 1)
            #expect(try await revoked(checks) == [1])
        }
        guard isOther else { return }
        #expect(try await revoked(world.checks("crl.pem")) == [1])
    }
}

/// Counts how often all lists of a store are read.
private final class Statements: Sendable {
    private let counted = Atomic(0)

    var count: Int { counted.load(ordering: .relaxed) }

    func add(_ statement: String) {
        guard statement.hasPrefix("SELECT * FROM revocation_list ORDER BY") else { return }
        counted.add(1, ordering: .relaxed)
    }
}

@Suite("The CRLs that are overdue")
struct RevocationStatusTests {
    static let due = Timestamp(seconds: 1_800_003_600)

    private func trust(_ required: Bool, until end: Timestamp?, issuer: String = "CN=Corp") -> Trust.Check {
        let list = KnownRevocations(
            issuer: issuer,
            serialNumbers: [],
            thisUpdate: TestClock.start.adding(seconds: -60),
            nextUpdate: end
        )
        return Trust.Check(anchors: ["root"], revocations: [issuer: [list]], refusesUnknown: required)
    }

    @Test("are told once for each issuer, the oldest first, from the second on in which the next one is due")
    func status() {
        let trust = Trust(checks: [
            "a": trust(true, until: Self.due), "b": trust(false, until: Self.due),
            "c": trust(false, until: Self.due.adding(seconds: -10), issuer: "CN=Other"),
            "d": trust(true, until: nil, issuer: "CN=Unread"),
        ])
        #expect(RevocationStatus(trust, at: Self.due.adding(seconds: -11)).overdue == [])
        #expect(RevocationStatus(trust, at: Self.due.adding(seconds: -1)).overdue.map(\.issuer) == ["CN=Other"])
        let status = RevocationStatus(trust, at: Self.due)
        #expect(status.count == 2)
        #expect(
            status.overdue == [
                .init(issuer: "CN=Other", nextUpdate: Self.due.adding(seconds: -10), isRequired: false),
                .init(issuer: "CN=Corp", nextUpdate: Self.due, isRequired: true),
            ]
        )
    }
}
