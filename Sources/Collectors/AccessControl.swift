import Glibc
package import PostureModel

extension HostRoot {
    /// Reads how AppArmor and SELinux treat what their rules forbid.
    ///
    /// AppArmor tells its mode to `CAP_MAC_ADMIN` alone, and it has one for each profile besides: without it, `enabled` is
    /// what can be said.
    ///
    /// - Source: `/sys/fs/selinux/enforce`; `enabled` and `mode` in `/sys/module/apparmor/parameters`;
    ///   `/sys/kernel/security/lsm`
    /// - SeeAlso: <https://docs.kernel.org/admin-guide/LSM/index.html>
    package borrowing func accessControl() -> Observation<[String: AccessControlMode]> {
        do throws(HostReadError) {
            guard try contains("sys/module"), try contains("sys/fs") else {
                return Observation(HostReadError(path: "sys/module", code: ENOENT))
            }
            var modes: [String: AccessControlMode] = [:]
            modes["apparmor"] = try appArmor()
            if let enforce = try textIfThere(at: "sys/fs/selinux/enforce", limit: 64) {
                modes["selinux"] = enforce == "1" ? .enforcing : enforce == "0" ? .permissive : .unknown
            } else if try textIfThere(at: "sys/kernel/security/lsm")?.split(separator: ",").contains("selinux") == true
            {
                // The kernel has it, and the file system that tells more is not to be seen.
                modes["selinux"] = .unknown
            }
            return .observed(modes)
        } catch {
            return Observation(error)
        }
    }

    private borrowing func appArmor() throws(HostReadError) -> AccessControlMode? {
        let folder = "sys/module/apparmor/parameters"
        guard let enabled = try textIfThere(at: "\(folder)/enabled", limit: 64) else { return nil }
        guard enabled == "Y" else { return enabled == "N" ? .disabled : .unknown }
        do throws(HostReadError) {
            switch try text(at: "\(folder)/mode", limit: 64) {
            case "enforce", "kill": return .enforcing
            case "complain", "unconfined", "prompt": return .permissive
            default: return .enabled
            }
        } catch {
            return .enabled
        }
    }
}
