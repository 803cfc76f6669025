import PostureModel

/// What a block device's driver does with what is written to it.
enum DeviceLayer: Equatable {
    /// dm-crypt.
    case encrypting
    /// It hands it on to the devices below: LVM, RAID, multipath, caches, verity.
    case passing
    /// A disk, or a hypervisor's: the kernel has nothing below it.
    case hardware
    /// Nobody can tell: volumes of ZFS, devices on the network, targets of device-mapper that are not known.
    case unknown

    /// Judges a device by the kernel's name for it, such as `dm-0`, and by its device-mapper UUID.
    ///
    /// cryptsetup also makes `CRYPT-VERITY-` and `CRYPT-INTEGRITY-`, which do not encrypt. A device that was made with
    /// dmsetup(8) has no UUID, and may be anything.
    ///
    /// - SeeAlso: <https://gitlab.com/cryptsetup/cryptsetup/-/blob/main/lib/libdevmapper.c>
    init(name: Substring, uuid: String?) {
        if let uuid {
            let parts = uuid.split(separator: "-", maxSplits: 2)
            let isWhole = parts.count == 3 && parts[0] == "CRYPT"
            if isWhole, Self.encryptions.contains(parts[1]) {
                self = .encrypting
            } else if isWhole, ["VERITY", "INTEGRITY"].contains(parts[1]) {
                self = .passing
            } else {
                self = Self.passingUUIDs.contains { uuid.hasPrefix($0) } || Self.isPartition(uuid) ? .passing : .unknown
            }
        } else if ["md", "bcache"].contains(where: { Self.isNumbered(name, $0) }) {
            self = .passing
        } else {
            self = Self.hardwareNames.contains { name.hasPrefix($0) } ? .hardware : .unknown
        }
    }

    /// What a layer makes of what is below it.
    func over(_ below: Disk) -> Disk {
        switch self {
        case .encrypting: Disk(.yes, isRemovable: below.isRemovable)
        case .passing: below
        case .hardware, .unknown: Disk(below.encryption == .yes ? .yes : .unknown, isRemovable: below.isRemovable)
        }
    }

    private static let encryptions: Set<Substring> = [
        "LUKS1", "LUKS2", "PLAIN", "LOOPAES", "TCRYPT", "BITLK", "FVAULT2",
    ]
    private static let passingUUIDs = ["LVM-", "mpath-", "DMRAID-", "stratis-"]
    /// SCSI, IDE, virtio, Xen, NVMe, memory cards, S/390, optical, floppy, persistent memory, flash, User Mode Linux.
    private static let hardwareNames = [
        "sd", "hd", "vd", "xvd", "nvme", "mmcblk", "dasd", "sr", "fd", "pmem", "mtdblock", "ubd",
    ]

    /// `part1-mpath-…`, as kpartx(8) names partitions.
    private static func isPartition(_ uuid: String) -> Bool {
        let parts = uuid.split(separator: "-", maxSplits: 1)
        return parts.count == 2 && isNumbered(parts[0], "part") && passingUUIDs.contains { parts[1].hasPrefix($0) }
    }

    private static func isNumbered(_ name: Substring, _ prefix: String) -> Bool {
        name.hasPrefix(prefix) && name.dropFirst(prefix.count).first?.isNumber == true
    }
}
