import Glibc
package import PostureModel

extension HostRoot {
    /// Reads whether the firmware starts only what it has a signature for, and shim only what it knows.
    ///
    /// Each variable is four bytes of attributes and a byte of value. Where shim was told not to validate, the kernel
    /// takes Secure Boot for off, and so does this.
    ///
    /// - Source: `SecureBoot`, `SetupMode` and `MokSBStateRT` in `/sys/firmware/efi/efivars`
    /// - SeeAlso: <https://uefi.org/specs/UEFI/2.10/32_Secure_Boot_and_Driver_Signing.html>
    package borrowing func secureBoot() -> Observation<SecureBoot> {
        do throws(HostReadError) {
            guard try contains("sys/firmware/efi") else {
                guard try contains("sys/firmware") else {
                    return Observation(HostReadError(path: "sys/firmware", code: ENOENT))
                }
                return .notApplicable(reason: "not booted by UEFI (no /sys/firmware/efi)")
            }
            guard try contains("sys/firmware/efi/efivars"), try !entries(of: "sys/firmware/efi/efivars").isEmpty else {
                return .unreadable(reason: "/sys/firmware/efi/efivars: not mounted")
            }
            guard let secureBoot = try variable("SecureBoot", of: globalVariable) else {
                return .notApplicable(reason: "the firmware has no Secure Boot")
            }
            if try variable("SetupMode", of: globalVariable) == 1 { return .observed(.setup) }
            let isValidated = try variable("MokSBStateRT", of: "605dab50-e046-4300-abb6-3dd810dd8b23") != 1
            return .observed(secureBoot == 1 && isValidated ? .enabled : .disabled)
        } catch {
            return Observation(error)
        }
    }

    /// The value of a variable of one byte, or nil where the firmware has none of that name.
    private borrowing func variable(_ name: String, of vendor: String) throws(HostReadError) -> UInt8? {
        let path = "sys/firmware/efi/efivars/\(name)-\(vendor)"
        guard try contains(path) else { return nil }
        let bytes = try bytes(at: path, limit: 64)
        guard bytes.count == 5 else { throw HostReadError(path: path, code: EBADMSG) }
        return bytes[4]
    }
}

/// `EFI_GLOBAL_VARIABLE`.
private let globalVariable = "8be4df61-93ca-11d2-aa0d-00e098032b8c"
