import Foundation
import OpenSSLBridge
import PostureModel
import TestSupport
import Verification

@testable import Agent

/// A laptop with a device key of its own, whose checks are a fixture's.
struct TestDevice: Sendable {
    let key: DeviceKey
    let keys: KeyDirectory
    let collector: LocalCollector
    private let state: TemporaryDirectory

    /// The device as a scorer knows it.
    var known: KnownDevice { KnownDevice(key.device, keys: [key.key.publicKey.jwk]) }

    /// The files of a laptop.
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../CollectorsTests/Fixtures/laptop-warp/root").standardizedFileURL.path

    init(
        _ fixture: CheckFixture?,
        check: CertificateCheck? = nil,
        warpIDs: [String] = ["9f6e3d2c"],
        sources: HostSources = .files(below: Self.root)
    ) throws {
        state = try TemporaryDirectory("state")
        keys = KeyDirectory(state.path)
        key = try DeviceKey(in: state.path)
        var configuration = AgentConfiguration.empty
        configuration.warpIDs = warpIDs
        configuration.checks = try fixture.map { [try check ?? $0.check()] } ?? []
        collector = LocalCollector(
            inspector: HostInspector(root: Self.root, configuration: configuration, sources: sources),
            configuration: configuration,
            keys: keys,
            sender: "test",
            now: Timestamp.now
        )
    }

    func sign(_ request: SigningRequest, _ scorer: TestScorer) async throws -> SignedMessage {
        let nonce = scorer.nonces.issue(at: .now()) ?? ""
        return try await collector.collect(request, nonce: nonce, audience: scorer.audience).message
    }
}

extension DeviceKey {
    /// The key in a directory, which is made if there is none.
    init(in directory: String) throws {
        let keys = KeyDirectory(directory)
        self = try keys.locked { try keys.contents().key }
    }
}

/// The scorer's side: nonces out, messages verified.
struct TestScorer: Sendable {
    let audience = "https://scorer.acme.test"
    let nonces: NonceAuthority

    init() {
        let key = NonceKey(id: 1, secret: Digest.random(count: 32), createdAt: .now())
        nonces = NonceAuthority(audience: audience, keys: [key])
    }

    var verifier: MessageVerifier { MessageVerifier(audience: audience) }

    /// The scorer knows the root only: intermediates come with the message.
    func checks(_ fixture: CheckFixture) throws -> [String: CertificateRequirements] {
        ["corp": try fixture.check().requirements]
    }

    func verify(_ message: SignedMessage, of device: KnownDevice, demanding fixture: CheckFixture) throws
        -> VerifiedReport
    {
        let message = try UnverifiedMessage(parsing: message.bytes)
        let nonce = try nonces.verify(message.nonce, at: .now())
        let authentic = try verifier.authenticReport(message, of: device, nonce: nonce)
        return try verifier.report(authentic, checks: checks(fixture), at: .now())
    }

    func report(of device: TestDevice, demanding fixture: CheckFixture) async throws -> VerifiedReport {
        try verify(await device.sign(.report, self), of: device.known, demanding: fixture)
    }
}
