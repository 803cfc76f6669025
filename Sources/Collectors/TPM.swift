import Glibc
package import PostureModel

extension HostRoot {
    /// Reads which TPM the kernel drives.
    ///
    /// One that the firmware describes and the kernel has no driver for is unreadable, not absent.
    ///
    /// - Source: `/sys/class/tpm/tpm0/tpm_version_major`, and the ACPI tables `TPM2` and `TCPA`
    /// - SeeAlso: <https://docs.kernel.org/admin-guide/abi-stable.html#abi-sys-class-tpm-tpmx-tpm-version-major>
    package borrowing func tpm() -> Observation<TPM> {
        do throws(HostReadError) {
            let device = "sys/class/tpm/tpm0"
            guard try contains(device) else {
                guard try contains("sys/class") else {
                    return Observation(HostReadError(path: "sys/class", code: ENOENT))
                }
                for table in ["TPM2", "TCPA"] where try contains("sys/firmware/acpi/tables/\(table)") {
                    return .unreadable(reason: "the firmware has a TPM, and the kernel does not drive it")
                }
                return .observed(.none)
            }
            switch try text(at: "\(device)/tpm_version_major", limit: 64) {
            case "2": return .observed(.version2)
            case "1": return .observed(.version1)
            default: return .unreadable(reason: "/\(device)/tpm_version_major: no version that is known")
            }
        } catch {
            return Observation(error)
        }
    }
}
