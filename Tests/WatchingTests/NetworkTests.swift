import Glibc
import TestSupport
import Testing

@testable import Watching

@Suite(
    "The network",
    .timeLimit(.minutes(5)),
    .enabled(if: geteuid() == 0, "only root can make network namespaces")
)
struct NetworkTests {
    let namespaces: Namespaces

    init() throws {
        namespaces = try Namespaces()
        // Addresses that IPv6 gives itself would come when they like.
        try namespaces.run("sh", ["-c", "echo 1 > /proc/sys/net/ipv6/conf/default/addr_gen_mode"])
        try namespaces.ip("link add here type veth peer name there")
    }

    /// Whether the kernel's messages about what `commands` did are a change.
    ///
    /// It puts IPv6 addresses into use a moment later: what is expected is waited for.
    @discardableResult
    private func changed(by commands: [String], expected: Bool = true) throws -> Bool {
        let namespaces = namespaces
        return try namespaces.inside {
            var network = try NetworkChanges()
            for command in commands { try namespaces.ip(command) }
            var event = pollfd(fd: network.descriptor.number, events: Int16(POLLIN), revents: 0)
            while unsafe poll(&event, 1, expected ? 60_000 : 0) > 0 {
                if network.changed() { return true }
            }
            return false
        }
    }

    @Test(
        "changed when a link or an address did",
        arguments: [
            ["link add new type veth"], ["tuntap add CloudflareWARP mode tun"], ["link delete here"],
            ["link set here up"], ["link set here address 02:00:5e:00:53:01"], ["link set here name CloudflareWARP"],
            ["address add 192.0.2.1/24 dev here"], ["address add 2001:db8::1/64 dev here nodad"],
        ]
    )
    func changes(commands: [String]) throws {
        #expect(try changed(by: commands))
    }

    @Test("changed back when a link goes down, or an address goes")
    func gone() throws {
        for command in ["link set here up", "link set there up", "address add 192.0.2.1/24 dev here"] {
            try namespaces.ip(command)
        }
        #expect(try changed(by: ["address delete 192.0.2.1/24 dev here"]))
        #expect(try changed(by: ["link set there down"]))
        #expect(try changed(by: ["link set here down"]))
    }

    @Test("did not change when the kernel told what is known, or what nobody wants to know")
    func noise() throws {
        try changed(by: ["address add 192.0.2.1/24 dev here"])
        try changed(by: ["address add 2001:db8::1/64 dev here nodad"])
        let commands = [
            "address change 192.0.2.1/24 dev here valid_lft 5000 preferred_lft 5000",
            "address change 2001:db8::1/64 dev here valid_lft 5000 preferred_lft 5000", "link set here mtu 1400",
            "link set here alias known", "link set here txqueuelen 500", "link set lo up",
            "address add 192.0.2.2/32 dev lo",
        ]
        #expect(try !changed(by: commands, expected: false))
    }

    @Test("did not change when a bridge spoke of its ports")
    func bridge() throws {
        try namespaces.ip("link add name bridge type bridge")
        try namespaces.ip("link set here master bridge")
        #expect(try !changed(by: ["link set here type bridge_slave cost 7"], expected: false))
    }

    @Test("may have changed when messages were lost, and is known again after that")
    func overflow() throws {
        let namespaces = namespaces
        let directory = try TemporaryDirectory("flood")
        let lines = (0..<4000).map { "address \($0 % 2 == 0 ? "add" : "delete") 192.0.2.1/24 dev here\n" }
        let batch = try directory.write(lines.joined().utf8, to: "batch")
        let (during, after, later) = try namespaces.inside {
            var network = try NetworkChanges()
            try namespaces.ip("-batch \(batch)")
            try namespaces.ip("address add 198.51.100.1/24 dev here")
            let during = network.changed()
            try namespaces.ip("address change 198.51.100.1/24 dev here valid_lft 5000 preferred_lft 5000")
            let after = network.changed()
            try namespaces.ip("address delete 198.51.100.1/24 dev here")
            return (during, after, network.changed())
        }
        #expect([during, after, later] == [true, false, true])
    }

    @Test("wakes a watcher, as the host name does, each in its own namespace")
    func watcher() async throws {
        let watched = try namespaces.inside { try Watched() }
        let elsewhere = try Namespaces()
        #expect(watched.unwatched.isEmpty)
        #expect(try await watched.changes {} == [])
        try namespaces.ip("link set here up")
        #expect(try await watched.changes(through: .network) == [.network])
        try namespaces.run("hostname", ["laptop-2"])
        #expect(try await watched.changes(through: .hostname).contains(.hostname))
        let before = try await watched.changes {}
        #expect(before.subtracting([.network]) == [])
        // The kernel tells every namespace of this one, and of a name that stays.
        try elsewhere.run("hostname", ["laptop-3"])
        try namespaces.run("hostname", ["laptop-2"])
        try elsewhere.ip("link add new type veth")
        #expect(try await watched.changes {} == [])
    }
}
