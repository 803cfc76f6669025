import Blocking
import Collectors
import Files
import Foundation
import OpenSSLBridge
import PostureModel
import TestSupport
import Testing
import Verification

@testable import Agent

@Suite("The WARP ids of a machine", .timeLimit(.minutes(5)))
struct WARPIdentityTests {
    private static let device = "9ece5fab-7398-488a-a575-e25a9a3dec07"
    private static let registration = "0b1c2d3e-7398-488a-a575-e25a9a3dec08"
    private static let companys = "1f2e3d4c-7398-488a-a575-e25a9a3dec09"
    private static let queue = BlockingQueue(label: "test.warp")

    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory("warp") }

    /// A program in the place of `warp-cli`.
    private func client(_ script: String) throws -> WARPClient {
        let source = try directory.write("#!/bin/sh\n\(script)\n".utf8, to: "script")
        // Whatever this process writes, a program that it starts meanwhile holds open, and cannot be run (ETXTBSY).
        try runTool("install", ["-m", "755", source, directory.file("warp-cli")])
        return WARPClient(path: directory.file("warp-cli"), milliseconds: 60_000) { .roots(path: $0) }
    }

    /// A database with WARP's own certificate, and with one that is another's.
    private func database() throws -> NSSTestDatabase {
        let pki = try TestPKI()
        let issuer = try pki.ca("Cloudflare")
        let company = try pki.ca("Acme")
        let database = try NSSTestDatabase()
        try database.add(company, nickname: "Acme")
        try database.importWithKey(try pki.leaf(Self.companys, issuer: company), nickname: Self.companys)
        try database.importWithKey(try pki.leaf(Self.device, issuer: issuer), nickname: Self.device)
        try database.importWithKey(try pki.leaf("laptop-1.acme.test", issuer: issuer), nickname: "laptop")
        try database.add(try pki.leaf(Self.registration, issuer: issuer), nickname: "another name")
        return database
    }

    private func kept(_ identity: WARPIdentity, besides issuers: [Certificate] = []) async -> [String] {
        await identity.kept(insteadOf: identity.told(on: Self.queue).ids, besides: issuers)
    }

    @Test("are the client's")
    func client() async throws {
        let json = #"{"id":"\#(Self.registration)","device_id":"\#(Self.device)"}"#
        let identity = WARPIdentity(client: try client("echo '\(json)'"), database: try database().path)
        #expect(await identity.told(on: Self.queue).ids == .observed([Self.device, Self.registration]))
        #expect(await kept(identity).isEmpty)
    }

    @Test("are the nicknames of the client's own certificates where a client is there and does not tell")
    func certificate() async throws {
        let database = try database()
        #expect(await kept(WARPIdentity(client: try client("exit 1"), database: database.path)) == [Self.device])
        let absent = WARPIdentity(client: WARPClient(path: "/nonexistent/warp-cli"), database: database.path)
        #expect(await kept(absent).isEmpty)
    }

    @Test("are not those of a certificate that a CA of the checks issued, however it is called")
    func companyCertificate() async throws {
        let fixture = try CheckFixture()
        try fixture.database.importWithKey(fixture.leaf(Self.device), nickname: Self.device)
        let identity = WARPIdentity(client: try client("exit 1"), database: fixture.database.path)
        let trusted = try fixture.check(commonName: Self.device).requirements.trusted
        #expect(await kept(identity, besides: trusted).isEmpty)
        var configuration = AgentConfiguration.empty
        configuration.checks = [try fixture.check(commonName: "${device_uuid}")]
        var sources = HostSources.files(below: TestDevice.root)
        sources.warp = identity
        let inspector = HostInspector(root: TestDevice.root, configuration: configuration, sources: sources)
        #expect(try await inspector.collect(at: .now()).warp.ids.value == nil)
    }

    @Test("of a certificate name no other certificate: ${device_uuid} has no value then")
    func variable() async throws {
        let database = try database()
        let fixture = try CheckFixture()
        try fixture.database.importWithKey(fixture.leaf(Self.device), nickname: "laptop")
        var configuration = AgentConfiguration.empty
        configuration.checks = [try fixture.check(commonName: "${device_uuid}")]
        var sources = HostSources.files(below: TestDevice.root)
        sources.warp = WARPIdentity(client: try client("exit 1"), database: database.path)
        let inspector = HostInspector(root: TestDevice.root, configuration: configuration, sources: sources)
        let collected = try await inspector.collect(at: .now())
        #expect(collected.warp.ids.value?.ids == [Self.device])
        #expect(collected.warpClient.ids.value == nil)
        #expect(collected.checks.map(\.outcome) == [.unable], "\(collected.checks)")
        #expect(try await inspector.runChecks(at: .now()).map(\.outcome) == [.unable])
    }

    @Test("are not taken from a database that others may write")
    func shared() async throws {
        let database = try database()
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: database.path)
        #expect(await kept(WARPIdentity(client: try client("exit 1"), database: database.path)).isEmpty)
    }

    @Test("are not applicable without a client, and unreadable with one that fails")
    func none() async throws {
        let absent = WARPIdentity(client: WARPClient(path: "/nonexistent/warp-cli"), database: "/nonexistent")
        #expect(await absent.told(on: Self.queue).ids == .notApplicable(reason: "no /nonexistent/warp-cli"))
        let failing = WARPIdentity(client: try client("exit 1"), database: nil)
        guard case .unreadable = await failing.told(on: Self.queue).ids else {
            Issue.record("observed")
            return
        }
        #expect(await kept(failing).isEmpty)
        let nobody = await WARPIdentity.none.told(on: Self.queue).ids
        #expect(nobody == .notApplicable(reason: "only the running WARP client tells"))
    }

    @Test("are those of the configuration and the client's, each once and 8 at most")
    func merged() {
        let (device, registration) = (Self.device, Self.registration)
        let told = [device, registration]
        #expect(WARPIdentity.merged([], told) == [device, registration])
        #expect(WARPIdentity.merged([device.uppercased(), "x"], told) == [device.uppercased(), "x", registration])
        #expect(WARPIdentity.merged(["x"], []) == ["x"])
        let many = (0..<20).map { "id-\($0)" }
        #expect(WARPIdentity.merged(["x"], many) == ["x"] + many.prefix(7))
        let long = String(repeating: "a", count: 129)
        #expect(WARPIdentity.merged([], [long, "", "b"]) == ["b"])
    }

    @Test("are reported, and the certificate checks know them")
    func reported() async throws {
        let fixture = try CheckFixture()
        try fixture.database.importWithKey(fixture.leaf(Self.device), nickname: "laptop")
        var configuration = AgentConfiguration.empty
        configuration.warpIDs = ["configured"]
        configuration.checks = [try fixture.check(commonName: "${device_uuid}")]
        var sources = HostSources.files(below: TestDevice.root)
        sources.warp.client = try client(#"echo '{"device_id":"\#(Self.device)"}'"#)
        let inspector = HostInspector(root: TestDevice.root, configuration: configuration, sources: sources)
        let collected = try await inspector.collect(at: .now())
        #expect(collected.warp.ids.value?.ids == [Self.device, "configured"])
        #expect(collected.warpClient.ids == .observed([Self.device]))
        #expect(collected.checks.map(\.outcome) == [.pass], "\(collected.checks)")
        #expect(try await inspector.runChecks(at: .now()).map(\.outcome) == [.pass])
    }
}
