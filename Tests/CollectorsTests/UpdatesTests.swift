import FoundationEssentials
import PostureModel
import Testing

@testable import Collectors

@Suite("Automatic updates")
struct AutomaticUpdatesTests {
    private static let periodic = "etc/apt/apt.conf.d/20auto-upgrades"
    private static let on = """
        APT::Periodic::Update-Package-Lists "1";
        APT::Periodic::Unattended-Upgrade "1";
        """

    /// A Debian with unattended-upgrades, its timer, and this configuration.
    private func apt(_ files: [String: String], without missing: String? = nil) throws -> TemporaryRoot {
        let unit = "usr/lib/systemd/system/apt-daily-upgrade.timer"
        var all = ["usr/bin/unattended-upgrade": "", unit: "[Timer]\n", "etc/apt/sources.list": ""]
        all.merge(files) { $1 }
        if let missing { all[missing] = nil }
        let root = try TemporaryRoot(all)
        try root.link("etc/systemd/system/timers.target.wants/apt-daily-upgrade.timer", to: "/\(unit)")
        return root
    }

    private func updates(_ files: TemporaryRoot, denying denied: Set<String> = []) throws -> Observation<Bool> {
        let root = try files.root(denying: denied)
        return root.automaticUpdates()
    }

    @Test("of Debian are on where configuration, program and timer are there")
    func unattended() throws {
        #expect(try updates(apt([Self.periodic: Self.on])) == .observed(true))
        #expect(try updates(apt([:])) == .observed(false))
        for part in ["usr/bin/unattended-upgrade", "usr/lib/systemd/system/apt-daily-upgrade.timer"] {
            #expect(try updates(apt([Self.periodic: Self.on], without: part)) == .observed(false), "\(part)")
        }
    }

    @Test("of Debian are what the last file says, in apt's own order")
    func order() throws {
        let off = #"APT::Periodic::Unattended-Upgrade "0";"#
        for (name, expected) in [
            ("apt.conf.d/99local", false), ("apt.conf.d/10local", true), ("apt.conf", false),
            ("apt.conf.d/99local.conf", false), ("apt.conf.d/99local.bak", true), ("apt.conf.d/99local~", true),
        ] {
            let files = try apt([Self.periodic: Self.on, "etc/apt/\(name)": off])
            #expect(try updates(files) == .observed(expected), "\(name)")
        }
    }

    @Test("of Fedora are on where a timer of dnf-automatic runs and applies them")
    func dnf() throws {
        func fedora(_ timer: String, _ configuration: String?) throws -> Observation<Bool> {
            let unit = "usr/lib/systemd/system/\(timer).timer"
            var all = [unit: "[Timer]\n", "etc/dnf/dnf.conf": "[main]\n"]
            all["etc/dnf/automatic.conf"] = configuration
            let files = try TemporaryRoot(all)
            try files.link("etc/systemd/system/timers.target.wants/\(timer).timer", to: "/\(unit)")
            return try updates(files)
        }
        #expect(try fedora("dnf-automatic", "[commands]\napply_updates = yes\n") == .observed(true))
        #expect(try fedora("dnf5-automatic", "[commands]\napply_updates=True\n") == .observed(true))
        #expect(try fedora("dnf-automatic", "[commands]\napply_updates = no\n") == .observed(false))
        #expect(try fedora("dnf-automatic", "[emitters]\napply_updates = yes\n") == .observed(false))
        #expect(try fedora("dnf-automatic", nil) == .observed(false))
        #expect(try fedora("dnf-automatic-install", "[commands]\napply_updates = no\n") == .observed(true))
        #expect(try fedora("dnf-automatic-download", "[commands]\napply_updates = yes\n") == .observed(false))
    }

    @Test("do not apply without a package manager that is known, and cannot be told where files may not be read")
    func others() throws {
        #expect(try updates(TemporaryRoot()) == .notApplicable(reason: "neither apt nor dnf"))
        #expect(try updates(apt([Self.periodic: Self.on]), denying: [Self.periodic]).value == nil)
        #expect(try updates(apt([Self.periodic: Self.on]), denying: ["etc/systemd"]).value == nil)
    }

    @Test(
        "of Debian are on, or cannot be told, by what an administrator changed in the units",
        arguments: [
            ("apt-daily-upgrade.timer.d/a.conf", "[Timer]\nOnCalendar=\nOnCalendar=*-*-* 3:00\n", true),
            ("apt-daily-upgrade.timer.d/a.conf", "# none\n[Timer]\nRandomizedDelaySec=0\n", true),
            ("apt-daily-upgrade.service.d/a.conf", "[Service]\nNice=19\nEnvironment=A=b \\\n  C=d\n", true),
            ("apt-daily-upgrade.timer.d/a.conf~", "[Timer]\nOnCalendar=\n", true),
            ("apt-daily-upgrade.timer.d/a.conf", "[Timer]\nOnCalendar=\n", nil),
            ("apt-daily-upgrade.timer.d/a.conf", "[Timer]\nUnit=other.service\n", nil),
            ("apt-daily-upgrade.timer.d/a.conf", "[Unit]\nConditionPathExists=/nowhere\n", nil),
            ("apt-daily-upgrade.service.d/a.conf", "[Service]\nExecStart=\n", nil),
            ("apt-daily.service.d/a.conf", "[Unit]\nAssertFileNotEmpty=/nowhere\n", nil),
            ("apt-daily.timer.d/a.conf", "OnCalendar=daily\n", nil),
            ("apt-daily.timer.d/a.conf", "[Timer]\nOnCalendar\n", nil),
            ("apt-daily-upgrade.timer", "[Timer]\nOnCalendar=weekly\n", true),
            // Without a time systemd refuses a timer, and without a command a service.
            ("apt-daily-upgrade.timer", "[Timer]\nPersistent=true\n", nil),
            ("apt-daily-upgrade.service", "[Service]\nType=oneshot\n", nil),
            // A comment is not continued, and is none of what is.
            ("apt-daily-upgrade.timer.d/a.conf", "[Timer]\n# none \\\nOnCalendar=\n", nil),
            ("apt-daily-upgrade.timer.d/a.conf", "[Timer]\nOnCalendar=\\\n; none\n\n", nil),
            ("apt-daily-upgrade.timer.d/a.conf", "[Timer]\nOnCalendar=\\\n# none\n daily\n", true),
            ("apt-daily-upgrade.timer.d/a.conf", "[Timer]\nOnCalendar=\\", nil),
            ("apt-daily-upgrade.timer.d/a.conf", "[Timer]\nOnCalendar=\\ \ndaily\n", nil),
            ("apt-daily-upgrade.timer.d/a.conf", "[Timer]\r\nOnCalendar=\r\n", nil),
            ("apt-daily-upgrade.timer.d/a.conf", "[Timer]\r\nOnCalendar=\\\r\ndaily\r\n", true),
            // Changes of several units at once: by the beginning of their names, and by their type.
            ("apt-daily-.timer.d/a.conf", "[Timer]\nOnCalendar=\n", nil),
            ("apt-.service.d/a.conf", "[Service]\nExecStart=\n", nil),
            ("timer.d/a.conf", "[Unit]\nConditionPathExists=/nowhere\n", nil),
            ("service.d/a.conf", "[Service]\nTimeoutStopFailureMode=abort\n", true),
            ("nginx-.timer.d/a.conf", "[Timer]\nOnCalendar=\n", true),
        ] as [(String, String, Bool?)]
    )
    func changedUnits(file: String, text: String, isOn: Bool?) throws {
        for directory in ["etc", "run"] {
            let path = "\(directory)/systemd/system/\(file)"
            let files = try apt([Self.periodic: Self.on, path: text])
            let found = try updates(files)
            #expect(found.value == isOn)
            if isOn == nil {
                #expect(found == .unreadable(reason: "/\(path): has something in it that is not understood"))
            }
        }
    }

    @Test("of Debian are off where one of the units is masked", arguments: ["apt-daily", "apt-daily-upgrade"])
    func masked(name: String) throws {
        for unit in ["\(name).timer", "\(name).service"] {
            for directory in ["etc", "run"] {
                let files = try apt([Self.periodic: Self.on])
                try files.link("\(directory)/systemd/system/\(unit)", to: "/dev/null")
                #expect(try updates(files) == .observed(false), "\(directory) \(unit)")
            }
        }
    }

    @Test(
        "are on where apt's own script does something at that interval",
        arguments: [
            ("always", true), ("7", true), ("1d", true), (" 2 ", true), ("12h", true), ("0", false), ("yes", false),
            ("true", false), ("1w", false), ("", nil), ("1 2", nil), ("$(reboot)", nil),
        ] as [(String, Bool?)]
    )
    func interval(text: String, isOn: Bool?) throws {
        let lines = """
            APT::Periodic { Update-Package-Lists "1"; Unattended-Upgrade "\(text)"; };
            """
        #expect(try updates(apt([Self.periodic: lines])).value == isOn)
    }

    @Test(
        "are switched off as a whole by the number 0 alone, as the script's own comparison has it",
        arguments: [("0", false), ("00", false), ("1", true), ("yes", true), ("false", true), ("", nil)]
            as [(String, Bool?)]
    )
    func enable(text: String, isOn: Bool?) throws {
        #expect(try updates(apt([Self.periodic: Self.on + "APT::Periodic::Enable \"\(text)\";"])).value == isOn)
    }

    @Test(
        "cannot be told where apt refuses a file, or reads others than those of every machine",
        arguments: [
            "APT::Periodic::Enable \"0\n\";", #"APT::Periodic::Enable "0""#, #"#include "/etc/apt/more.conf";"#,
            #"Dir::Etc::main "other.conf";"#, "APT::Periodic::Enable \"0\0\";",
        ]
    )
    func refused(text: String) throws {
        let files = try apt([Self.periodic: Self.on, "etc/apt/apt.conf.d/99local": text])
        guard case .unreadable(let reason) = try updates(files) else {
            Issue.record("\(text)")
            return
        }
        #expect(
            reason.hasPrefix("/etc/apt/apt.conf.d") && reason.hasSuffix("has something in it that is not understood")
        )
    }

    @Test("of Debian do not depend on what apt passes over: directories, links to nowhere, names of another form")
    func passedOver() throws {
        let files = try apt([
            Self.periodic: Self.on, "etc/apt/apt.conf.d/99dir.conf/file": "broken",
            "etc/apt/apt.conf.d/.hidden": "broken",
            "etc/apt/apt.conf.d/99local.dpkg-old": "broken",
        ])
        try files.link("etc/apt/apt.conf.d/99gone", to: "/nowhere")
        #expect(try updates(files) == .observed(true))
    }

    @Test(
        "of Fedora cannot be told where dnf refuses its file",
        arguments: [
            "apply_updates = yes # note", "apply_updates = maybe", "apply_updates", "a = b\n  apply_updates = yes",
        ]
    )
    func brokenINI(text: String) throws {
        let unit = "usr/lib/systemd/system/dnf-automatic.timer"
        let files = try TemporaryRoot([
            unit: "[Timer]\n", "etc/dnf/dnf.conf": "[main]\n", "etc/dnf/automatic.conf": "[commands]\n\(text)\n",
        ])
        try files.link("etc/systemd/system/timers.target.wants/dnf-automatic.timer", to: "/\(unit)")
        #expect(try updates(files).value == nil)
    }
}

@Suite("Packages")
struct PackagesTests {
    @Test("were last changed when the newest of the databases was")
    func updated() throws {
        let paths = ["var/lib/dpkg/status", "var/lib/rpm/rpmdb.sqlite", "lib/apk/db/installed"]
        for path in paths {
            let files = try TemporaryRoot([path: ""])
            try setModified("\(files.path)/\(path)", seconds: 1_795_000_000)
            let root = try files.root()
            #expect(root.packagesUpdated() == .observed(Timestamp(seconds: 1_795_000_000)), "\(path)")
        }
        let files = try TemporaryRoot([paths[0]: "", paths[1]: ""])
        try setModified("\(files.path)/\(paths[0])", seconds: 1_795_000_000)
        try setModified("\(files.path)/\(paths[1])", seconds: 1_600_000_000)
        let root = try files.root()
        #expect(root.packagesUpdated() == .observed(Timestamp(seconds: 1_795_000_000)))
    }

    @Test("have no time where there is no database, or it may not be reached, or it is older than all time")
    func unknown() throws {
        let none = try TemporaryRoot()
        let empty = try none.root()
        #expect(empty.packagesUpdated() == .notApplicable(reason: "no package database that is known"))
        let files = try TemporaryRoot(["var/lib/dpkg/status": ""])
        let denied = try files.root(denying: ["var/lib/dpkg"])
        #expect(denied.packagesUpdated().value == nil)
    }

    @Test(
        "have no time that an image gave all its files",
        arguments: [-1, 0, 1, 315_532_800, 315_619_200, 499_162_500, 1_262_303_999, 1_799_999_999]
    )
    func placeholderTime(seconds: Int) throws {
        let status = "var/lib/dpkg/status"
        let files = try TemporaryRoot([status: "", "usr/lib/os-release": "ID=a"])
        try setModified("\(files.path)/\(status)", seconds: seconds)
        // The operating system was built later.
        try setModified("\(files.path)/usr/lib/os-release", seconds: 1_800_000_000)
        let root = try files.root()
        guard case .unreadable(let reason) = root.packagesUpdated() else {
            Issue.record("\(root.packagesUpdated())")
            return
        }
        #expect(reason.contains("placeholder"))
        // Another database of the machine may tell all the same.
        try files.write(Data(), to: "lib/apk/db/installed")
        try setModified("\(files.path)/lib/apk/db/installed", seconds: 1_800_000_000)
        #expect(root.packagesUpdated() == .observed(Timestamp(seconds: 1_800_000_000)))
    }

    @Test("of an image that ostree deployed have no time: all of /usr is dated 1970 there")
    func ostree() throws {
        let files = try TemporaryRoot(["usr/share/rpm/rpmdb.sqlite": "", "usr/lib/os-release": "ID=fedora"])
        try files.link("var/lib/rpm", to: "../../usr/share/rpm")
        for path in ["usr/share/rpm/rpmdb.sqlite", "usr/lib/os-release"] {
            try setModified("\(files.path)/\(path)", seconds: 0)
        }
        let root = try files.root()
        #expect(root.packagesUpdated().value == nil)
    }

    @Test("want a reboot where there is a mark, want none where somebody would have left one, and else nobody knows")
    func reboot() throws {
        func required(_ files: [String], denying denied: Set<String> = []) throws -> Observation<Bool> {
            let files = try TemporaryRoot(Dictionary(uniqueKeysWithValues: files.map { ($0, "") }))
            let root = try files.root(denying: denied)
            return root.rebootRequired()
        }
        let hook = "etc/kernel/postinst.d/unattended-upgrades"
        #expect(try required(["run/reboot-required", hook]) == .observed(true))
        #expect(try required(["run/reboot-needed"]) == .observed(true))
        #expect(try required([hook]) == .observed(false))
        #expect(try required(["usr/bin/zypper"]) == .observed(false))
        #expect(try required([]) == .unreadable(reason: "nothing here says when a reboot is required"))
        #expect(try required(["run/reboot-required", hook], denying: ["run"]).value == nil)
    }
}
