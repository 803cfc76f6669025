import Collectors
import Files
import Foundation
import PostureModel
import TestSupport
import Testing

@testable import Agent

@Suite("The WARP ids that were told earlier", .timeLimit(.minutes(5)))
struct WARPMemoryTests {
    private static let id = "9ece5fab-7398-488a-a575-e25a9a3dec07"
    private static let now = SampleDevice.now

    let directory: TemporaryDirectory
    var file: String { directory.file("warp-ids.json") }

    init() throws { directory = try TemporaryDirectory("memory") }

    /// What a process sees and remembers, so many seconds later, whose client does this.
    private func collect(_ script: String?, later seconds: Int64 = 0) async throws -> CollectedFacts {
        var sources = HostSources.files(below: TestDevice.root)
        var path = "/nonexistent/warp-cli"
        if let script {
            let source = try directory.write("#!/bin/sh\n\(script)\n".utf8, to: "script")
            path = directory.file("warp-cli")
            try runTool("install", ["-m", "755", source, path])
        }
        let client = WARPClient(path: path, milliseconds: 60_000) {
            script == nil ? .absent : .roots(path: $0)
        }
        sources.warp = WARPIdentity(client: client, database: nil, memory: WARPMemory(in: directory.path))
        let inspector = HostInspector(root: TestDevice.root, configuration: .empty, sources: sources)
        let now = Self.now.adding(seconds: seconds)
        let collected = try await inspector.collect(at: now)
        inspector.remember(collected, at: now)
        return collected
    }

    private static let telling = #"echo '{"device_id":"\#(id)"}'"#

    @Test("are repeated for an hour by every process, also after a reboot, and not for longer")
    func repeated() async throws {
        #expect(try await collect(Self.telling).warp.source == .client)
        for seconds in [300, 3600] as [Int64] {
            let collected = try await collect("exit 1", later: seconds)
            #expect(collected.warp.ids == .observed(WARPIDs(ids: [Self.id], readAt: Self.now)))
            #expect(collected.warp.source == .memory)
        }
        for seconds in [3660, -60] as [Int64] {
            guard case .unreadable(let reason) = try await collect("exit 1", later: seconds).warp.ids else {
                Issue.record("repeated after \(seconds) s")
                continue
            }
            #expect(reason.contains("failed, as where there is no registration"))
        }
    }

    @Test("are those of the newest registration")
    func newest() async throws {
        _ = try await collect(Self.telling)
        let other = "0b1c2d3e-7398-488a-a575-e25a9a3dec08"
        _ = try await collect(#"echo '{"device_id":"\#(other)"}'"#, later: 60)
        let collected = try await collect("exit 1", later: 120)
        #expect(collected.warp.ids == .observed(WARPIDs(ids: [other], readAt: Self.now.adding(seconds: 60))))
    }

    @Test("are forgotten where there is no client any more, and its coming back does not bring them back")
    func noClient() async throws {
        _ = try await collect(Self.telling)
        guard case .notApplicable = try await collect(nil, later: 60).warp.ids else {
            Issue.record("there is a client")
            return
        }
        #expect(!FileManager.default.fileExists(atPath: file))
        #expect(try await collect("exit 1", later: 120).warp.ids.value == nil)
    }

    @Test(
        "are none where the file is broken, too long, or says what no client told",
        arguments: [
            "", "{", "[]", #"{"ids":[],"read_at":1800000000}"#, #"{"ids":[""],"read_at":1800000000}"#,
            #"{"ids":["a"]}"#, #"{"ids":["a"],"read_at":"now"}"#,
            #"{"ids":["1","2","3","4","5","6","7","8","9"],"read_at":1800000000}"#,
            String(repeating: " ", count: 5000),
        ]
    )
    func broken(text: String) async throws {
        try directory.write(text.utf8, to: "warp-ids.json")
        #expect(try await collect("exit 1").warp.ids.value == nil)
        _ = try await collect(Self.telling)
        #expect(try await collect("exit 1", later: 60).warp.source == .memory)
    }

    @Test("are none where the file is a link to another, or no file")
    func foreign() async throws {
        let text = #"{"ids":["a-foreign-id"],"read_at":1800000000}"#
        let elsewhere = try directory.write(text.utf8, to: "elsewhere")
        try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: elsewhere)
        #expect(try await collect("exit 1").warp.ids.value == nil)
        try FileManager.default.removeItem(atPath: file)
        try FileManager.default.createDirectory(atPath: file, withIntermediateDirectories: false)
        #expect(try await collect("exit 1").warp.ids.value == nil)
    }

    @Test("stand in for the value of ${device_uuid}, as the scorer judges by them")
    func variables() async throws {
        let fixture = try CheckFixture()
        try fixture.database.importWithKey(fixture.leaf(Self.id), nickname: "laptop")
        _ = try await collect(Self.telling)
        var configuration = AgentConfiguration.empty
        configuration.checks = [try fixture.check(commonName: "${device_uuid}")]
        var sources = HostSources.files(below: TestDevice.root)
        try runTool(
            "install",
            ["-m", "755", try directory.write("#!/bin/sh\nexit 1\n".utf8, to: "s"), directory.file("w")]
        )
        let client = WARPClient(path: directory.file("w"), milliseconds: 60_000) { .roots(path: $0) }
        sources.warp = WARPIdentity(client: client, database: nil, memory: WARPMemory(in: directory.path))
        let inspector = HostInspector(root: TestDevice.root, configuration: configuration, sources: sources)
        let soon = Timestamp.now()
        WARPMemory(in: directory.path).learn(.observed([Self.id]), at: soon)
        #expect(try await inspector.collect(at: soon).checks.map(\.outcome) == [.pass])
        #expect(try await inspector.runChecks(at: soon).map(\.outcome) == [.pass])
    }

    @Test("are for the eyes of their owner only, and nobody looks at them for another machine's files")
    func privacy() async throws {
        _ = try await collect(Self.telling)
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(HostSources.files(below: "/x").warp.memory == nil)
    }
}
