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
        "are configured in the language of apt.conf(5)",
        arguments: [
            (#"A::B "1";"#, String?("1")), (#"A { B "1"; };"#, "1"), (#"A{B "1";}"#, "1"), (#"a::b "1";"#, "1"),
            ("A::B 1;", "1"),
            (#"A { B "1"; B "2"; };"#, "2"), (#"// A::B "1";"#, nil), (#"# A::B "1";"#, nil),
            (#"/* A::B "1"; */"#, nil),
            (#"A::B "1"; /* "# + "\n * */ A::B \"3\";", "3"), (#"A::B "1"; #clear A::B;"#, nil),
            (#"A::B "1"; #clear A;"#, nil), (#"A { "one"; "two"; }; A::B "1";"#, "1"), (#"A::C { B "1"; };"#, nil),
            (#"}}} A::B "1";"#, "1"), ("A::B;", nil), ("", nil), (#"A "0" { B "1"; };"#, "1"),
        ]
    )
    func language(text: String, value: String?) {
        var configuration = AptConfiguration()
        let isUnderstood = configuration.read(text)
        #expect(isUnderstood)
        #expect(configuration["A::B"] == value)
    }

    @Test(
        "cannot be told where apt may read a file in another way",
        arguments: [
            #"APT::Periodic::"Unattended-Upgrade" "0";"#, #""APT::Periodic::Unattended-Upgrade" "0";"#,
            #"#include "/etc/apt/more.conf";"#, "APT { #clear APT::Periodic; };", #"#cleared "A";"#,
            #"APT::Periodic::Enable "0""#, #"APT::Periodic::Enable "0"#, #"APT { Periodic { Enable "0"; };"#,
            #"APT::Periodic::Enable "0" "1";"#, #"APT::Periodic::Enable "0"1;"#, #"APT::Periodic::Enabl%65 "0";"#,
            "APT::Periodic::Enable//", #"A{B"1";}"#, String(repeating: "A{", count: 100) + #"B "1";"#,
        ]
    )
    func notUnderstood(text: String) throws {
        let name = "etc/apt/apt.conf.d/99local"
        let reason = "/\(name): has something in it that is not understood"
        #expect(try updates(apt([Self.periodic: Self.on, name: text])) == .unreadable(reason: reason))
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
        "are on for every interval but none",
        arguments: [("always", true), ("7", true), ("1d", true), ("0", false), ("", false)]
    )
    func interval(text: String, isOn: Bool) throws {
        let lines = """
            APT::Periodic { Update-Package-Lists "1"; Unattended-Upgrade "\(text)"; };
            """
        #expect(try updates(apt([Self.periodic: lines])) == .observed(isOn))
        let enable = Self.on + "APT::Periodic::Enable \"\(text)\";"
        #expect(try updates(apt([Self.periodic: enable])) == .observed(isOn))
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
        try setModified("\(files.path)/var/lib/dpkg/status", seconds: -1)
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
