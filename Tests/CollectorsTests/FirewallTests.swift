import Collectors
import Glibc
import PostureModel
import Testing

@Suite("The firewall")
struct FirewallTests {
    private static let ufw = "etc/ufw/ufw.conf"

    private func enabled(_ files: TemporaryRoot, denying denied: Set<String> = []) throws -> Observation<[String]> {
        let root = try files.root(denying: denied)
        return root.firewallEnabled()
    }

    @Test(
        "ufw is enabled by the last line of its file that says so",
        arguments: [
            ("ENABLED=yes\n", true), ("ENABLED=no\nENABLED=\"yes\"\n", true), ("ENABLED=yes\nENABLED=no\n", false),
            ("# ENABLED=yes\n", false), ("ENABLED=\n", false), ("", false),
        ]
    )
    func ufw(file: String, isEnabled: Bool) throws {
        #expect(try enabled(TemporaryRoot([Self.ufw: file])) == .observed(isEnabled ? ["ufw"] : []))
    }

    @Test(
        "firewalld and nftables are enabled where a target of the boot wants them",
        arguments: [("firewalld", "multi-user"), ("nftables", "sysinit"), ("nftables", "multi-user")]
    )
    func wanted(name: String, target: String) throws {
        let files = try TemporaryRoot(["usr/lib/systemd/system/\(name).service": "[Unit]\n", "etc/hostname": "a"])
        #expect(try enabled(files) == .observed([]))
        let link = "etc/systemd/system/\(target).target.wants/\(name).service"
        try files.link(link, to: "/usr/lib/systemd/system/\(name).service")
        #expect(try enabled(files) == .observed([name]))
        #expect(try enabled(files, denying: ["etc/systemd"]).value == nil)
    }

    @Test("that was removed is not enabled by the link that it left")
    func dangling() throws {
        let files = try TemporaryRoot(["etc/hostname": "a"])
        let link = "etc/systemd/system/multi-user.target.wants/firewalld.service"
        try files.link(link, to: "/usr/lib/systemd/system/firewalld.service")
        #expect(try enabled(files) == .observed([]))
    }

    @Test("cannot be told where its files may not be read, or there is no /etc")
    func unreadable() throws {
        #expect(try enabled(TemporaryRoot([Self.ufw: "ENABLED=no"]), denying: [Self.ufw]).value == nil)
        #expect(try enabled(TemporaryRoot()) == .unreadable(reason: "/etc: no such file or directory"))
    }

    private func active(
        _ units: [String: UnitState]?,
        ufw: String = "ENABLED=yes",
        denying denied: Set<String> = []
    ) throws -> Observation<[String: UnitState]> {
        let files = try TemporaryRoot([Self.ufw: ufw])
        let root = try files.root(denying: denied)
        return root.firewallActive(units: RecordedUnits(recorded: units))
    }

    @Test("is in the state of its unit, and left out where the service manager has no such unit")
    func states() throws {
        let units: [String: UnitState] = [
            "firewalld.service": .active, "nftables.service": .failed, "x.service": .active,
        ]
        #expect(try active(units) == .observed(["firewalld": .active, "nftables": .failed]))
        #expect(try active([:]) == .observed([:]))
        #expect(try active(["ufw.service": .inactive]) == .observed(["ufw": .inactive]))
    }

    @Test("ufw is active only where it is enabled too: its unit is so in any case")
    func ufwDisabled() throws {
        #expect(try active(["ufw.service": .active]) == .observed(["ufw": .active]))
        #expect(try active(["ufw.service": .active], ufw: "ENABLED=no") == .observed(["ufw": .inactive]))
        #expect(try active(["ufw.service": .active], denying: [Self.ufw]).value == nil)
    }

    @Test(
        "cannot be told where the service manager does not",
        arguments: [
            (ENOENT, "no system bus"), (ENXIO, "no service manager on the system bus"),
            (ETIMEDOUT, "the service manager does not answer"),
            (EACCES, "service manager: permission denied"), (ENOTSUP, "only the running service manager tells"),
        ]
    )
    func noAnswer(code: CInt, reason: String) throws {
        let files = try TemporaryRoot()
        let root = try files.root()
        #expect(root.firewallActive(units: FailingUnits(code: code)) == .unreadable(reason: reason))
    }
}

/// A service manager that gives an error.
struct FailingUnits: UnitSource {
    let code: CInt

    func states(of units: [String]) throws(UnitError) -> [String: UnitState] { throw UnitError(code: code) }
}
