import OpenSSLBridge
import PostureModel
import TestSupport
import Testing
import Verification

@testable import Agent

@Suite("A check that finds several certificates of the name")
struct RenewalTests {
    let fixture: CheckFixture

    init() throws { fixture = try CheckFixture() }

    func taken() async throws -> (result: CheckResult, der: [UInt8]?) {
        let result = try await fixture.check().run()
        return (result, result.candidate?.certificate.der)
    }

    @Test("takes the newest of the valid ones with a key")
    func newest() async throws {
        let old = try fixture.leaf(validity: .between("20240101000000Z", "20900101000000Z"))
        let new = try fixture.leaf(validity: .between("20250101000000Z", "20900101000000Z"))
        for leaf in [new, old] { try fixture.database.importWithKey(leaf, nickname: "laptop") }
        let (result, der) = try await taken()
        #expect(result.outcome == .pass)
        #expect(der == new.der)
    }

    @Test("takes an older one with its key before a newer one without")
    func withKey() async throws {
        let old = try fixture.leaf(validity: .between("20240101000000Z", "20900101000000Z"))
        try fixture.database.importWithKey(old, nickname: "laptop")
        try fixture.database.add(fixture.leaf(), nickname: "laptop")
        let (result, der) = try await taken()
        #expect(result.outcome == .pass)
        #expect(der == old.der)
    }

    @Test("does not mind an expired one beside the valid one", arguments: [true, false])
    func expired(isFirst: Bool) async throws {
        let valid = try fixture.leaf()
        let leaves = [try fixture.leaf(validity: .expired), valid]
        for leaf in isFirst ? leaves : leaves.reversed() {
            try fixture.database.importWithKey(leaf, nickname: "laptop")
        }
        let (result, der) = try await taken()
        #expect(result.outcome == .pass)
        #expect(der == valid.der)
    }

    @Test("takes a valid one without a key before an expired one with it, and says what it lacks")
    func validWithoutKey() async throws {
        let valid = try fixture.leaf()
        try fixture.database.importWithKey(fixture.leaf(validity: .expired), nickname: "laptop")
        try fixture.database.add(valid, nickname: "laptop")
        let (result, der) = try await taken()
        #expect(result.code == .noPrivateKey)
        #expect(der == valid.der)
    }

    @Test("says how many there were when none is valid")
    func noneIsValid() async throws {
        for _ in 1...2 { try fixture.database.importWithKey(fixture.leaf(validity: .expired), nickname: "laptop") }
        let (result, _) = try await taken()
        #expect(result.code == .expired)
        #expect(result.reason.hasSuffix("(the best of 2 certificates with these names)"), "\(result.reason)")
    }

    @Test("compares names without regard to case, and considers every common name of a subject")
    func names() async throws {
        let subject = [("CN", "other.test"), ("CN", "LAPTOP-1.acme.test")]
        let leaf = try fixture.pki.leaf("x", issuer: fixture.root, subject: subject, names: [])
        try fixture.database.importWithKey(leaf, nickname: "laptop")
        #expect(try await taken().result.outcome == .pass)
    }
}
