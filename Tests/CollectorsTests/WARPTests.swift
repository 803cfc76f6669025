import Collectors
import Files
import Foundation
import Glibc
import PostureModel
import TestSupport
import Testing

@Suite("The WARP client")
struct WARPTests {
    private static let tunnel = RecordedLinks(
        links: [Link(index: 4, name: "CloudflareWARP", hardwareType: 65534)],
        addresses: [LinkAddress(index: 4, ipv4: "100.96.0.10")]
    )
    private static let withoutAddress = RecordedLinks(
        links: [Link(index: 4, name: "CloudflareWARP", hardwareType: 65534)]
    )
    private static let noTunnel = RecordedLinks(links: [])

    private func state(
        _ unit: UnitState?,
        _ links: some LinkSource,
        isInstalled: Bool = true,
        units: (any UnitSource)? = nil
    ) throws -> Observation<WARPState> {
        let files = try TemporaryRoot(isInstalled ? ["usr/bin/warp-cli": ""] : [:])
        let root = try files.root()
        let units: any UnitSource = units ?? RecordedUnits(recorded: unit.map { ["warp-svc.service": $0] } ?? [:])
        return root.warp(links: links, units: units)
    }

    @Test("is connected where its service runs and its interface has an address")
    func connected() throws {
        #expect(try state(.active, Self.tunnel) == .observed(.connected))
    }

    @Test("is disconnected where its service runs without a tunnel")
    func disconnected() throws {
        #expect(try state(.active, Self.noTunnel) == .observed(.disconnected))
        #expect(try state(.active, Self.withoutAddress) == .observed(.disconnected))
    }

    @Test("is stopped where its service does not run, whatever interface there is")
    func stopped() throws {
        for unit: UnitState? in [.inactive, .failed, .changing, nil] {
            #expect(try state(unit, Self.noTunnel) == .observed(.stopped))
            #expect(try state(unit, Self.tunnel) == .observed(.stopped))
        }
    }

    @Test("does not apply where there is none, also without a service manager")
    func none() throws {
        let reason = "no WARP client"
        #expect(try state(nil, Self.noTunnel, isInstalled: false) == .notApplicable(reason: reason))
        let noBus = FailingUnits(code: ENOENT)
        #expect(try state(nil, Self.noTunnel, isInstalled: false, units: noBus) == .notApplicable(reason: reason))
    }

    @Test("cannot be told where the service manager or the kernel does not answer")
    func unreadable() throws {
        let noBus = FailingUnits(code: ENOENT)
        #expect(try state(nil, Self.tunnel, units: noBus) == .unreadable(reason: "no system bus"))
        #expect(try state(nil, Self.tunnel, isInstalled: false, units: noBus).value == nil)
        #expect(try state(.active, NoLinks()).value == nil)
        #expect(try state(.unknown, Self.tunnel).value == nil)
    }
}

@Suite("The WARP client's ids", .timeLimit(.minutes(5)))
struct WARPClientTests {
    private static let device = "9ece5fab-7398-488a-a575-e25a9a3dec07"
    private static let registration = "0b1c2d3e-7398-488a-a575-e25a9a3dec08"

    /// The answer of a program in the place of `warp-cli`.
    private func ids(
        _ script: String,
        milliseconds: Int = 60_000
    ) throws -> Observation<[String]> {
        let files = try TemporaryRoot()
        let path = try program(script, in: files)
        return WARPClient(path: path, milliseconds: milliseconds, provenance: { .roots(path: $0) }).ids().ids
    }

    fileprivate func program(_ script: String, in files: TemporaryRoot) throws -> String {
        let path = "\(files.path)/warp-cli"
        try files.write(Data("#!/bin/sh\n\(script)\n".utf8), to: "script")
        // Whatever this process writes, a program that it starts meanwhile holds open, and cannot be run (ETXTBSY).
        try runTool("install", ["-m", "755", "\(files.path)/script", path])
        return path
    }

    /// Capabilities are a thread's, and the one of a test is everybody's: this needs a process of its own.
    @Test("are asked for by a program without the agent's capabilities, which keeps them", .enabled(if: geteuid() == 0))
    func capabilities() async {
        await #expect(processExitsWith: .success) {
            let script = "printf '{\"id\":\"%s\"}' $(sed -n 's/^CapAmb://p' /proc/self/status)"
            let files = try TemporaryRoot()
            let path = try WARPClientTests().program(script, in: files)
            let client = WARPClient(path: path, milliseconds: 60_000, provenance: { .roots(path: $0) })
            try raiseAmbientCapability()
            #expect(client.ids().ids == .observed(["0000000000000000"]))
            let status = try String(contentsOfFile: "/proc/thread-self/status", encoding: .utf8)
            #expect(status.contains("CapAmb:\t0000000000000004\n"))
        }
    }

    @Test("are those of the device and of its registration, each once")
    func both() throws {
        let account = #""public_key":"x","account":{"type":"team","organization":"acme"},"managed":true"#
        let json = #"{"id":"\#(Self.registration)","device_id":"\#(Self.device)",\#(account)}"#
        #expect(try ids("echo '\(json)'") == .observed([Self.device, Self.registration]))
        #expect(try ids(#"echo '{"id":"\#(Self.device)","device_id":"\#(Self.device)"}'"#) == .observed([Self.device]))
        #expect(try ids(#"echo '{"id":"t.\#(Self.device)"}'"#) == .observed(["t.\(Self.device)"]))
    }

    @Test("are asked for with `-j registration show`, without input, environment or descriptors of the agent's")
    func arguments() throws {
        let script = """
            [ "$*" = "-j registration show" ] || exit 1
            read line && exit 2
            [ "$(env | grep -cvE '^(LANG|PATH|PWD|SHLVL|_)=')" = 0 ] || exit 3
            [ -e /proc/$$/fd/3 ] && exit 4
            echo '{"id":"\(Self.device)"}'
            """
        #expect(try ids(script) == .observed([Self.device]))
    }

    @Test("are not asked for by a program that others could have put there: it is not run")
    func strangers() throws {
        let files = try TemporaryRoot()
        // In a directory for everybody's files.
        let path = try program("touch \(files.path)/ran; echo '{\"id\":\"\(Self.device)\"}'", in: files)
        guard case .unreadable(let reason) = WARPClient(path: path, milliseconds: 60_000).ids().ids else {
            Issue.record("asked for")
            return
        }
        #expect(reason.hasPrefix("\(path) is not run: others than root may change what it is: "))
        #expect(!FileManager.default.fileExists(atPath: "\(files.path)/ran"))
        // What is run is what was looked at, and not what a link leads to a moment later.
        let client = WARPClient(path: "/usr/bin/warp-cli", milliseconds: 60_000) { _ in .roots(path: path) }
        #expect(client.ids().ids == .observed([Self.device]))
    }

    @Test("do not apply without the program")
    func noClient() {
        let absent = WARPClient(path: "/nonexistent/warp-cli").ids().ids
        #expect(absent == .notApplicable(reason: "no /nonexistent/warp-cli"))
    }

    @Test(
        "cannot be told where the program fails, or says something else",
        arguments: [
            "exit 1", "echo '{\"id\":\"\(device)\"}'; exit 1", "kill -9 $$", "echo Error: missing registration",
            "echo '{}'", "echo '[]'", "echo '{\"id\":7}'", #"echo '{"id":""}'"#, #"echo '{"id":"not an id at all"}'"#,
            "head -c 60000 /dev/zero", "true",
        ]
    )
    func failing(script: String) throws {
        guard case .unreadable = try ids(script) else {
            Issue.record("\(script)")
            return
        }
    }

    @Test("are not waited for: the program is killed with everything that it started")
    func slow() throws {
        let files = try TemporaryRoot()
        let path = try program("echo '{'; sleep 1000 & echo $! > \(files.path)/child; sleep 1000", in: files)
        let reason = "\(path): did not end in 300 ms"
        let started = ContinuousClock.now
        let client = WARPClient(path: path, milliseconds: 300, provenance: { .roots(path: $0) })
        #expect(client.ids().ids == .unreadable(reason: reason))
        #expect(ContinuousClock.now - started < .seconds(100))
        // Where the machine is slow, the script did not get so far.
        guard let text = try? String(contentsOfFile: "\(files.path)/child", encoding: .utf8),
            let child = Int32(text.trimmed())
        else { return }
        while kill(child, 0) == 0, !isZombie(child) { usleep(10_000) }
    }

    @Test("are not read for ever: a program that prints without end is killed")
    func flood() throws {
        let started = ContinuousClock.now
        guard case .unreadable(let reason) = try ids("exec yes") else { Issue.record("observed"); return }
        #expect(reason.hasSuffix("printed more than 64 KiB"))
        #expect(ContinuousClock.now - started < .seconds(50))
    }

    @Test("are not waited for where the program ends and a child of it keeps its output open")
    func inherited() throws {
        let script = "sleep 1000 & echo '{\"id\":\"\(Self.device)\"}'"
        guard case .unreadable(let reason) = try ids(script, milliseconds: 300) else {
            Issue.record("observed"); return
        }
        #expect(reason.hasSuffix("did not end in 300 ms"))
    }

    private func isZombie(_ process: Int32) -> Bool {
        let status = (try? HostRoot().text(at: "proc/\(process)/stat")) ?? ""
        return status.contains(") Z ")
    }
}

/// Gives this thread CAP_DAC_READ_SEARCH in the way that AmbientCapabilities= gives it: capset(2), prctl(2).
private func raiseAmbientCapability() throws {
    typealias Control = @convention(c) (CInt, UInt, UInt, UInt, UInt) -> CInt
    typealias Capabilities = @convention(c) (UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> CInt
    // Variadic in C; the arguments are passed in registers all the same.
    let prctl = unsafe unsafeBitCast(dlsym(nil, "prctl"), to: Control.self)
    let capget = unsafe unsafeBitCast(dlsym(nil, "capget"), to: Capabilities.self)
    let capset = unsafe unsafeBitCast(dlsym(nil, "capset"), to: Capabilities.self)
    var header: [UInt32] = [0x2008_0522, 0]
    var sets = [UInt32](repeating: 0, count: 6)  // effective, permitted, inheritable; twice
    try #require(unsafe capget(&header, &sets) == 0)
    sets[2] |= 4
    try #require(unsafe capset(&header, &sets) == 0)
    try #require(prctl(47, 2, 2, 0, 0) == 0)  // PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE
}
