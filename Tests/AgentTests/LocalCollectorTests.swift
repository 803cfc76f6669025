import Foundation
import OpenSSLBridge
import PostureModel
import TestSupport
import Testing
import Verification

@testable import Agent

@Suite("What the machine signs")
struct LocalCollectorTests {
    let fixture: CheckFixture
    let scorer = TestScorer()

    init() throws { fixture = try CheckFixture() }

    @Test("as a report is one that the scorer accepts, with the certificate proven")
    func proven() async throws {
        try fixture.database.importWithKey(fixture.leaf(issuer: fixture.issuing), nickname: "laptop")
        try fixture.database.add(fixture.issuing, nickname: "issuing")
        let device = try TestDevice(fixture)
        let report = try await scorer.report(of: device, demanding: fixture)
        #expect(report.report.device == device.key.device)
        #expect(report.report.audience == scorer.audience)
        #expect(report.report.warpIDs.value?.ids == ["9f6e3d2c"])
        #expect(report.report.facts.kernelHostname == .observed("anna-laptop"))
        let verdict = try #require(report.checks.first)
        #expect(verdict.level == .proven, "\(verdict.reason)")
        #expect(verdict.code == nil)
    }

    @Test("proves a certificate that stands directly under the root, and one with an RSA or P-384 key")
    func otherKeys() async throws {
        for key in [TestPKI.Key.p256, .p384, .rsa(2048)] {
            let fixture = try CheckFixture()
            let leaf = try fixture.pki.leaf(CheckFixture.name, issuer: fixture.root, key: key)
            try fixture.database.importWithKey(leaf, nickname: "laptop")
            let report = try await scorer.report(of: TestDevice(fixture), demanding: fixture)
            #expect(report.checks.map(\.level) == [.proven], "\(report.checks)")
        }
    }

    @Test("without the certificate says that it is not there")
    func removed() async throws {
        try fixture.database.importWithKey(fixture.leaf(), nickname: "laptop")
        let device = try TestDevice(fixture)
        #expect(try await scorer.report(of: device, demanding: fixture).checks.map(\.level) == [.proven])
        try fixture.database.delete(nickname: "laptop")
        let verdict = try #require(try await scorer.report(of: device, demanding: fixture).checks.first)
        #expect(verdict.level == .none)
        #expect(verdict.code == "not_found")
        #expect(verdict.reason.contains("'laptop-1.acme.test'"))
    }

    @Test("without the certificate's key shows the certificate only")
    func keyMissing() async throws {
        try fixture.database.add(fixture.leaf(issuer: fixture.issuing), nickname: "laptop")
        try fixture.database.add(fixture.issuing, nickname: "issuing")
        let verdict = try #require(
            try await scorer.report(of: TestDevice(fixture), demanding: fixture).checks.first
        )
        #expect(verdict.level == .certificateOnly)
        #expect(verdict.code == "no_private_key")
    }

    @Test("with a certificate that may not sign shows it without a proof")
    func noDigitalSignature() async throws {
        let extensions = ["keyUsage": "critical,keyAgreement"]
        let leaf = try fixture.pki.leaf(CheckFixture.name, issuer: fixture.root, extensions: extensions)
        try fixture.database.importWithKey(leaf, nickname: "laptop")
        let device = try TestDevice(fixture)
        let jws = try JWS(parsing: try await device.sign(.report, scorer).bytes)
        #expect(jws.signatures.map(\.header.role) == ["device"])
        #expect(try await scorer.report(of: device, demanding: fixture).checks.map(\.level) == [.keyPresent])
    }

    @Test("is nobody else's: another device's key does not verify it")
    func otherDevice() async throws {
        let (device, other) = (try TestDevice(fixture), try TestDevice(fixture))
        let message = try await device.sign(.report, scorer)
        let error = try #require(throws: Problem.self) {
            try scorer.verify(
                message,
                of: KnownDevice(device.key.device, keys: [other.key.key.publicKey.jwk]),
                demanding: fixture
            )
        }
        #expect(error.isOf(.badSignature))
    }

    @Test("as a registration carries a proof, whether or not there is a token", arguments: ["token-1", nil])
    func registration(token: String?) async throws {
        try fixture.database.importWithKey(fixture.leaf(), nickname: "laptop")
        let device = try TestDevice(fixture)
        let message = try await device.sign(.registration(token: token), scorer)
        #expect(message.type == .registration)
        let received = try UnverifiedMessage(parsing: message.bytes)
        let nonce = try scorer.nonces.verify(received.nonce, at: .now())
        let authentic = try scorer.verifier.authenticRegistration(received, nonce: nonce)
        let registration = try scorer.verifier.registration(authentic, checks: scorer.checks(fixture), at: .now())
        #expect(registration.device == device.key.device)
        #expect(registration.key == device.key.key.publicKey.jwk)
        #expect(registration.token == token)
        #expect(registration.provenCertificate != nil)
        #expect(try JWS(parsing: message.bytes).signatures.count == 2)
    }

    @Test("to see its own record has an empty payload and the device's signature alone")
    func ownRecord() async throws {
        try fixture.database.importWithKey(fixture.leaf(), nickname: "laptop")
        let device = try TestDevice(fixture)
        let message = try UnverifiedMessage(parsing: try await device.sign(.ownRecord, scorer).bytes)
        let asker = try scorer.verifier.ownRecord(
            message,
            of: KnownDevice(device.key.device, keys: [device.key.key.publicKey.jwk]),
            nonce: scorer.nonces.verify(message.nonce, at: .now())
        )
        #expect(asker.device == device.key.device && !asker.isReplaced)
    }

    @Test(
        "as the report of a laptop with a two-certificate chain and two WARP ids fits the budget",
        arguments: [(TestPKI.Key.p256, 4096), (.rsa(2048), 6144)]
    )
    func size(key: TestPKI.Key, budget: Int) async throws {
        let fixture = try CheckFixture(key: key)
        let leaf = try fixture.pki.leaf(CheckFixture.name, issuer: fixture.issuing, key: key)
        try fixture.database.importWithKey(leaf, nickname: "laptop")
        try fixture.database.add(fixture.issuing, nickname: "issuing")
        let ids = ["9ece5fab-7398-488a-a575-e25a9a3dec07", "0b1c2d3e-7398-488a-a575-e25a9a3dec08"]
        let device = try TestDevice(fixture, warpIDs: ids, sources: Laptop.sources())
        let message = try await device.sign(.report, scorer)
        let report = try Wire.decode(Report.self, from: JWS(parsing: message.bytes).payload)
        #expect(report.facts.posture.warp == .observed(.connected))
        let chain = try #require(try JWS(parsing: message.bytes).signatures.last?.certificates)
        #expect(chain == [leaf.der, fixture.issuing.der])
        Attachment.record("\(key): \(message.bytes.count) bytes", named: "report-size.txt")
        #expect(message.bytes.count <= budget, "\(key): \(message.bytes.count) bytes of \(budget)")
    }
}
