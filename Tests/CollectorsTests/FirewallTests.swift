import Collectors
import FoundationEssentials
import Glibc
import PostureModel
import Testing

@Suite("The firewall")
struct FirewallTests {
    private static let ufw = "etc/ufw/ufw.conf"
    private static let ufwUnit = "lib/systemd/system/ufw.service"
    private static let ufwLink = "etc/systemd/system/multi-user.target.wants/ufw.service"

    private func enabled(_ files: TemporaryRoot, denying denied: Set<String> = []) throws -> Observation<[String]> {
        let root = try files.root(denying: denied)
        return root.firewallEnabled()
    }

    @Test(
        "ufw is enabled by the last line of its file that says so to a shell",
        arguments: [
            ("ENABLED=yes # note\n", true), ("ENABLED=YES\n", true), ("ENABLED=Yes\n", false),
            ("  ENABLED='yes'\n", true),
            ("ENABLED=yes#note\n", false), ("ENABLED=yes\r\n", false), ("ENABLED=\"yes\" # on\nLOGLEVEL=low\n", true),
            ("ENABLED=ye\"s\"", true), ("ENABLED=true\n", false), ("enabled=yes\n", false),
            ("ENABLED=yes\n", true), ("ENABLED=no\nENABLED=\"yes\"\n", true), ("ENABLED=yes\nENABLED=no\n", false),
            ("# ENABLED=yes\n", false), ("ENABLED=\n", false), ("", false),
        ]
    )
    func ufw(file: String, isEnabled: Bool) throws {
        let files = try TemporaryRoot([Self.ufw: file, Self.ufwUnit: "[Unit]\n"])
        try files.link(Self.ufwLink, to: "/\(Self.ufwUnit)")
        #expect(try enabled(files) == .observed(isEnabled ? ["ufw"] : []))
    }

    @Test(
        "ufw cannot be told where a shell would do something else than assign",
        arguments: [
            "ENABLED = yes\n", "ENABLED=yes no\n", "ENABLED=$X\n", "ENABLED=`true`\n", "ENABLED=\"yes\n",
            "ENABLED=yes; true\n",
            "export ENABLED=yes\n", ". /etc/default/ufw\nENABLED=yes\n", "ENABLED=yes\nif true; then\nENABLED=no\nfi\n",
            "ENABLED=y\\\nes\n", "ENABLED=yes\0\n",
        ]
    )
    func ufwNotUnderstood(file: String) throws {
        let files = try TemporaryRoot([Self.ufw: file, Self.ufwUnit: "[Unit]\n"])
        try files.link(Self.ufwLink, to: "/\(Self.ufwUnit)")
        let reason = "/\(Self.ufw): has something in it that is not understood"
        #expect(try enabled(files) == .unreadable(reason: reason))
        #expect(try active(["ufw.service": .active], ufw: file) == .unreadable(reason: reason))
    }

    @Test("ufw is not enabled by the file of a package that was removed, or of a service that is not wanted or masked")
    func ufwWithoutUnit() throws {
        let removed = try TemporaryRoot([Self.ufw: "ENABLED=yes"])
        try removed.link(Self.ufwLink, to: "/\(Self.ufwUnit)")
        #expect(try enabled(removed) == .observed([]))
        let disabled = try TemporaryRoot([Self.ufw: "ENABLED=yes", Self.ufwUnit: "[Unit]\n"])
        #expect(try enabled(disabled) == .observed([]))
        try disabled.link(Self.ufwLink, to: "/\(Self.ufwUnit)")
        #expect(try enabled(disabled) == .observed(["ufw"]))
        try disabled.link("etc/systemd/system/ufw.service", to: "/dev/null")
        #expect(try enabled(disabled) == .observed([]))
    }

    @Test(
        "that is masked is not enabled, though the links to it stay",
        arguments: [
            ("etc", String?.none, false), ("run", nil, false), ("etc", "", false), ("run", "", false),
            ("etc", "[Unit]\n", true),
        ]
    )
    func masked(directory: String, text: String?, isEnabled: Bool) throws {
        let unit = "usr/lib/systemd/system/nftables.service"
        // Where there is a /dev/null, the link to it leads to something that is no regular file.
        for hasDevice in [false, true] {
            let files = try TemporaryRoot([unit: "[Unit]\n", "dev/log": ""])
            if hasDevice { try #require(unsafe mkfifo("\(files.path)/dev/null", 0o600) == 0) }
            try files.link("etc/systemd/system/sysinit.target.wants/nftables.service", to: "/\(unit)")
            #expect(try enabled(files) == .observed(["nftables"]))
            let place = "\(directory)/systemd/system/nftables.service"
            if let text { try files.write(Data(text.utf8), to: place) } else { try files.link(place, to: "/dev/null") }
            #expect(try enabled(files) == .observed(isEnabled ? ["nftables"] : []))
            #expect(try enabled(files, denying: [place]).value == nil)
        }
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
