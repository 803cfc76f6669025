import Collectors
import PostureModel
import Testing

@Suite("AppArmor and SELinux")
struct AccessControlTests {
    private static let parameters = "sys/module/apparmor/parameters"

    private func modes(
        _ files: [String: String],
        denying denied: Set<String> = []
    ) throws -> Observation<[String: AccessControlMode]> {
        let kernel = ["sys/module/ext4/refcnt": "1", "sys/fs/ext4/features/x": "1"]
        let files = try TemporaryRoot(kernel.merging(files) { $1 })
        let root = try files.root(denying: denied)
        return root.accessControl()
    }

    @Test(
        "AppArmor has the kernel's default mode",
        arguments: [
            ("Y", String?("enforce"), AccessControlMode.enforcing), ("Y", "kill", .enforcing),
            ("Y", "complain", .permissive),
            ("Y", "unconfined", .permissive), ("Y", "another", .enabled), ("Y", nil, .enabled), ("N", nil, .disabled),
            ("?", nil, .unknown),
        ]
    )
    func appArmor(enabled: String, mode: String?, expected: AccessControlMode) throws {
        var files = ["\(Self.parameters)/enabled": enabled + "\n"]
        files["\(Self.parameters)/mode"] = mode.map { $0 + "\n" }
        #expect(try modes(files) == .observed(["apparmor": expected]))
    }

    @Test("AppArmor is enabled where its mode is for root alone")
    func modeDenied() throws {
        let files = ["\(Self.parameters)/enabled": "Y\n", "\(Self.parameters)/mode": "enforce\n"]
        let denied: Set = ["\(Self.parameters)/mode"]
        #expect(try modes(files, denying: denied) == .observed(["apparmor": .enabled]))
    }

    @Test("SELinux is enforcing or permissive", arguments: [("1", AccessControlMode.enforcing), ("0", .permissive)])
    func selinux(enforce: String, expected: AccessControlMode) throws {
        #expect(try modes(["sys/fs/selinux/enforce": enforce]) == .observed(["selinux": expected]))
    }

    @Test("SELinux without its file system is in an unknown mode, where the kernel says that it is in force")
    func selinuxHidden() throws {
        let lsm = "sys/kernel/security/lsm"
        #expect(try modes([lsm: "lockdown,capability,selinux"]) == .observed(["selinux": .unknown]))
        #expect(try modes([lsm: "lockdown,capability,yama"]) == .observed([:]))
    }

    @Test("are neither in force where the kernel has neither")
    func neither() throws {
        #expect(try modes([:]) == .observed([:]))
    }

    @Test("cannot be told where they may not be read, or there is no sysfs")
    func unreadable() throws {
        #expect(try modes(["sys/fs/selinux/enforce": "1"], denying: ["sys/fs/selinux"]).value == nil)
        let enabled = "\(Self.parameters)/enabled"
        #expect(try modes([enabled: "Y"], denying: [enabled]).value == nil)
        let files = try TemporaryRoot()
        let root = try files.root()
        #expect(root.accessControl() == .unreadable(reason: "/sys/module: no such file or directory"))
    }
}
