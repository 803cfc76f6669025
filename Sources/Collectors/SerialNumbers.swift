import Glibc
package import PostureModel

extension SerialNumbers {
    /// Reads what the firmware says of the product, the board and the chassis.
    ///
    /// The kernel gives a file only for what the firmware has, and only root may read these three. A machine without
    /// the directory has no DMI, but where there is no sysfs at all, nobody looked.
    ///
    /// - Source: `/sys/class/dmi/id/product_serial`, `board_serial`, `chassis_serial`
    /// - SeeAlso: <https://docs.kernel.org/admin-guide/abi-testing.html#abi-sys-class-dmi>
    package init(host: borrowing HostRoot) {
        self.init(
            product: host.serial("product"),
            board: host.serial("board"),
            chassis: host.serial("chassis")
        )
    }
}

extension HostRoot {
    fileprivate borrowing func serial(_ part: String) -> Observation<SerialNumber> {
        do throws(HostReadError) {
            guard try contains("sys/class/dmi/id") else {
                guard try contains("sys/class") else {
                    return Observation(HostReadError(path: "sys/class", code: ENOENT))
                }
                return .notApplicable(reason: "the firmware has no DMI (no /sys/class/dmi/id)")
            }
            return .observed(SerialNumber(try text(at: "sys/class/dmi/id/\(part)_serial").firstScalars()))
        } catch {
            return Observation(error, absent: "the firmware gives no \(part) serial")
        }
    }
}
