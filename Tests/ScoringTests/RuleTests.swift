import PostureModel
import TestSupport
import Testing

@testable import Scoring

@Suite("A rule")
struct RuleTests {
    /// What a rule makes of a device, with `change` made to its facts.
    static func result(
        _ name: Rule.Name,
        _ parameters: Rule.Parameters = Rule.Parameters(),
        agent: String = "postured/0.1.0",
        osRelease: Observation<OSRelease> = .observed(OSRelease(id: "debian", versionID: "12")),
        change: (inout Posture) -> Void = { _ in }
    ) throws -> RuleResult {
        var posture = Posture.unreadable("permission denied")
        change(&posture)
        let facts = SampleDevice.facts(osRelease: osRelease, posture: posture)
        let policy = Policy([name: Rule(points: 100, parameters: parameters)])
        let input = Sample.input([], facts: facts, agent: agent)
        return try #require(policy.evaluate(input, trust: Sample.trust, at: Sample.now).score.rules.first)
    }

    typealias Case = (change: @Sendable (inout Posture) -> Void, name: Rule.Name, outcome: RuleOutcome, reason: String)

    static let cases: [Case] = [
        ({ $0.disks = .observed(["/": .yes, "/home": .yes]) }, .diskEncrypted, .pass, "encrypted: /, /home"),
        ({ $0.disks = .observed(["/": .yes, "/boot": .no, "/boot/efi": .no]) }, .diskEncrypted, .pass, "encrypted: /"),
        ({ $0.disks = .observed(["/": .no, "/home": .unknown]) }, .diskEncrypted, .fail, "not encrypted: /"),
        ({ $0.disks = .observed(["/": .yes, "*": .no]) }, .diskEncrypted, .fail, "not encrypted: (others)"),
        ({ $0.disks = .observed(["/": .yes, "/bootleg": .no]) }, .diskEncrypted, .fail, "not encrypted: /bootleg"),
        (
            { $0.disks = .observed(["/a": .no, "/b": .no, "/c": .no, "/d": .no, "/e": .no]) }, .diskEncrypted, .fail,
            "not encrypted: /a, /b, /c and 2 more"
        ),
        (
            { $0.disks = .observed(["/": .yes, "*": .unknown]) }, .diskEncrypted, .unknown,
            "cannot tell whether it is encrypted: (others)"
        ),
        ({ $0.disks = .observed(["/boot": .no]) }, .diskEncrypted, .notApplicable, "does not apply: no file system"),
        ({ $0.swap = .observed(.off) }, .swapProtected, .pass, "no swap space"),
        ({ $0.swap = .observed(.memory) }, .swapProtected, .pass, "in memory"),
        ({ $0.swap = .observed(.encrypted) }, .swapProtected, .pass, "encrypted"),
        ({ $0.swap = .observed(.unencrypted) }, .swapProtected, .fail, "not encrypted"),
        ({ $0.secureBoot = .observed(.enabled) }, .secureBoot, .pass, "enabled"),
        ({ $0.secureBoot = .observed(.disabled) }, .secureBoot, .fail, "disabled"),
        ({ $0.secureBoot = .observed(.setup) }, .secureBoot, .fail, "setup mode"),
        ({ $0.secureBoot = .notApplicable(reason: "no UEFI") }, .secureBoot, .notApplicable, "does not apply: no UEFI"),
        ({ $0.tpm = .observed(.version2) }, .tpmPresent, .pass, "TPM 2.0"),
        ({ $0.tpm = .observed(.version1) }, .tpmPresent, .pass, "TPM 1.2"),
        ({ $0.tpm = .observed(.none) }, .tpmPresent, .fail, "no TPM"),
        ({ $0.firewallEnabled = .observed(["ufw"]) }, .firewallEnabled, .pass, "ufw"),
        ({ $0.firewallEnabled = .observed([]) }, .firewallEnabled, .fail, "no firewall"),
        (
            { $0.firewallActive = .observed(["ufw": .inactive, "nftables": .active]) }, .firewallActive, .pass,
            "nftables"
        ),
        ({ $0.firewallActive = .observed(["ufw": .inactive]) }, .firewallActive, .fail, "not active: ufw"),
        ({ $0.firewallActive = .observed(["ufw": .failed]) }, .firewallActive, .fail, "not active: ufw"),
        ({ $0.firewallActive = .observed([:]) }, .firewallActive, .fail, "no firewall that is known"),
        ({ $0.firewallActive = .observed(["ufw": .changing]) }, .firewallActive, .unknown, "ufw"),
        ({ $0.firewallActive = .observed(["ufw": .unknown, "a": .failed]) }, .firewallActive, .unknown, "ufw"),
        ({ $0.accessControl = .observed(["apparmor": .enabled]) }, .accessControl, .pass, "apparmor enabled"),
        (
            { $0.accessControl = .observed(["apparmor": .disabled, "selinux": .enforcing]) }, .accessControl, .pass,
            "selinux enforcing"
        ),
        ({ $0.accessControl = .observed(["selinux": .permissive]) }, .accessControl, .fail, "selinux permissive"),
        ({ $0.accessControl = .observed(["selinux": .unknown]) }, .accessControl, .unknown, "selinux unknown"),
        ({ $0.accessControl = .observed([:]) }, .accessControl, .fail, "neither"),
        ({ $0.automaticUpdates = .observed(true) }, .automaticUpdates, .pass, "automatically"),
        ({ $0.automaticUpdates = .observed(false) }, .automaticUpdates, .fail, "not updated"),
        (
            { $0.packagesUpdated = .observed(Sample.now.adding(seconds: -2_592_000)) }, .packagesRecent, .pass,
            "30d ago"
        ),
        (
            { $0.packagesUpdated = .observed(Sample.now.adding(seconds: -2_592_001)) }, .packagesRecent, .fail,
            "30d ago"
        ),
        ({ $0.packagesUpdated = .observed(Sample.now.adding(seconds: 86_400)) }, .packagesRecent, .pass, "0s ago"),
        (
            { $0.packagesUpdated = .observed(Sample.now.adding(seconds: 86_401)) }, .packagesRecent, .unknown,
            "yet to come"
        ),
        ({ $0.rebootRequired = .observed(false) }, .rebootDone, .pass, "no update waits"),
        ({ $0.rebootRequired = .observed(true) }, .rebootDone, .fail, "an update waits"),
        ({ $0.warp = .observed(.connected) }, .warpConnected, .pass, "connected"),
        ({ $0.warp = .observed(.disconnected) }, .warpConnected, .fail, "not connected"),
        ({ $0.warp = .observed(.stopped) }, .warpConnected, .fail, "does not run"),
    ]

    @Test("passes where the fact is as it should be, and says what it saw and what to do", arguments: cases.indices)
    func outcomes(index: Int) throws {
        let expected = Self.cases[index]
        let result = try Self.result(expected.name, change: expected.change)
        #expect(result.outcome == expected.outcome, "\(expected.name): \(result)")
        #expect(result.points == (expected.outcome == .pass ? 100 : 0))
        #expect(result.reason.contains(expected.reason), "\(result.reason)")
        #expect((result.advice == nil) == (expected.outcome == .pass))
    }

    /// The rules about one fact of the report.
    static let facts = Rule.Name.allCases.filter { name in
        ![
            .certificateProven, .certificateKeyPresent, .certificatePresent, .reportFresh, .serialKnown, .osSupported,
            .agentVersion,
        ].contains(name)
    }

    @Test("has a case in which it passes, and one in which it fails", arguments: facts)
    func isTested(name: Rule.Name) {
        let outcomes = Set(Self.cases.filter { $0.name == name }.map(\.outcome))
        #expect(outcomes.isSuperset(of: [.pass, .fail]))
    }

    @Test("does not pass where the fact is not known, and says why", arguments: facts)
    func unknown(name: Rule.Name) throws {
        let unreadable = try Self.result(name)
        #expect(unreadable.outcome == .unknown && unreadable.points == 0)
        #expect(unreadable.reason == "not known: permission denied")
        let missing = try Self.result(name) { $0 = Posture() }
        #expect(missing.outcome == .unknown && missing.reason == "not in the report")
        #expect(missing.advice == "update postured: its version does not report it")
    }

    @Test(
        "about disks takes exceptions: a mount point, or all below one",
        arguments: [
            (["/srv"], RuleOutcome.fail), (["/media/*"], .fail), (["/srv", "/media/*"], .pass),
            (["/", "/srv/*"], .fail),
            (["/srv", "/media"], .fail), (["/*"], .notApplicable), ([], .fail),
        ]
    )
    func exceptions(except: [String], outcome: RuleOutcome) throws {
        var parameters = Rule.Parameters()
        parameters.except = except
        let result = try Self.result(.diskEncrypted, parameters) {
            $0.disks = .observed(["/": .yes, "/srv": .no, "/media/stick": .no])
        }
        #expect(result.outcome == outcome)
    }

    @Test(
        "about disks passes over removable media that neither the system nor a home is on",
        arguments: [
            ("/run/media/anna/STICK", RuleOutcome.pass), ("/media/stick", .pass), ("/mnt", .pass), ("/backup", .pass),
            ("/home/anna/stick", .pass), ("/var/mnt/disk", .pass), ("*", .pass), ("/varied", .pass), ("/boot", .pass),
            ("/", .fail), ("/home", .fail), ("/home/anna", .fail), ("/var/home", .fail), ("/var", .fail),
            ("/var/lib/docker", .fail), ("/usr", .fail), ("/sysroot", .fail), ("/srv/data", .fail),
        ]
    )
    func removable(point: String, outcome: RuleOutcome) throws {
        for encryption in [Encryption.no, .unknown] {
            let result = try Self.result(.diskEncrypted) {
                $0.disks = .observed(["/fixed": .yes, point: Disk(encryption, isRemovable: true)])
            }
            #expect(result.outcome == (outcome == .fail && encryption == .unknown ? .unknown : outcome))
        }
        let fixed = try Self.result(.diskEncrypted) { $0.disks = .observed(["/fixed": .yes, point: .no]) }
        #expect(fixed.outcome == (point == "/boot" ? .pass : .fail))
        var parameters = Rule.Parameters()
        parameters.countsRemovable = true
        let counted = try Self.result(.diskEncrypted, parameters) {
            $0.disks = .observed(["/fixed": .yes, point: Disk(.no, isRemovable: true)])
        }
        #expect(counted.outcome == (point == "/boot" ? .pass : .fail))
    }

    @Test("about disks does not apply where all there is can be plugged out")
    func onlyRemovable() throws {
        let result = try Self.result(.diskEncrypted) {
            $0.disks = .observed(["/media/a": Disk(.no, isRemovable: true)])
        }
        #expect(result.outcome == .notApplicable)
    }

    @Test(
        "about the operating system compares versions number by number",
        arguments: [
            (OSRelease(id: "debian", versionID: "12"), RuleOutcome.pass),
            (OSRelease(id: "debian", versionID: "12.0"), .pass),
            (OSRelease(id: "debian", versionID: "9"), .fail), (OSRelease(id: "debian", versionID: "11.11"), .fail),
            (OSRelease(id: "debian"), .unknown), (OSRelease(id: "debian", versionID: "sid"), .unknown),
            (OSRelease(id: "debian", versionID: "99999999999999999999"), .unknown),
            (OSRelease(id: "ubuntu", versionID: "22.10"), .pass), (OSRelease(id: "ubuntu", versionID: "22.4"), .pass),
            (OSRelease(id: "ubuntu", versionID: "22.1"), .fail), (OSRelease(id: "arch"), .pass),
            (OSRelease(id: "fedora", versionID: "99"), .fail),
        ]
    )
    func operatingSystem(system: OSRelease, outcome: RuleOutcome) throws {
        var parameters = Rule.Parameters()
        parameters.systems = ["debian": "12", "ubuntu": "22.04", "arch": "any"]
        #expect(try Self.result(.osSupported, parameters, osRelease: .observed(system)).outcome == outcome)
    }

    @Test(
        "about the agent wants a version that is not older",
        arguments: [
            ("postured/0.2.0", RuleOutcome.pass), ("postured/0.10", .pass), ("postured/1", .pass),
            ("postured/0.1.9", .fail),
            ("postured/0.2.0-rc1", .unknown), ("postured/", .unknown), ("postured", .unknown), ("other/9.9", .unknown),
            ("postured/1/2", .unknown), ("postured/-1", .unknown), ("postured/+1", .unknown), ("", .unknown),
        ]
    )
    func agent(agent: String, outcome: RuleOutcome) throws {
        var parameters = Rule.Parameters()
        parameters.minimum = "0.2"
        #expect(try Self.result(.agentVersion, parameters, agent: agent).outcome == outcome)
    }

    @Test("about the serial number says of which part it is, where the product's is a placeholder")
    func serialOfTheBoard() {
        var facts = SampleDevice.facts(serial: .observed(SerialNumber("Enter Serial")))
        facts.serials.board = .observed(SerialNumber("L1HF0FAKE01"))
        let input = Sample.input(facts: facts)
        let evaluation = Policy.standard.evaluate(input, trust: Sample.trust, at: Sample.now)
        #expect(evaluation[.serialKnown]?.points == 10)
        #expect(evaluation.reason(.serialKnown)?.contains("of the board") == true)
    }
}
