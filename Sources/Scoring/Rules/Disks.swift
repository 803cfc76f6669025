internal import PostureModel

extension Subject {
    /// Every file system on a disk is encrypted, but for those mounted at an exception.
    ///
    /// Removable media do not count, unless the policy says so, or the system or a home is on them.
    func diskEncrypted(except: [String], removable: Bool) -> Judgement {
        .of(posture.disks) { disks in
            let asked = disks.filter { mount, disk in
                !except.contains { isExcepted(mount, by: $0) }
                    && (removable || !disk.isRemovable || Self.isOfTheSystem(mount))
            }
            guard !asked.isEmpty else { return .notApplicable("no file system on a disk, besides the exceptions") }
            let open = asked.filter { $0.value.encryption == .no }.keys
            if !open.isEmpty {
                return .fail(
                    "not encrypted: \(few(open.map(Self.place)))",
                    "encrypt with LUKS (cryptsetup-reencrypt(8), or a new installation)"
                )
            }
            let unseen = asked.filter { $0.value.encryption == .unknown }.keys
            if !unseen.isEmpty {
                return .unknown("cannot tell whether it is encrypted: \(few(unseen.map(Self.place)))")
            }
            return .pass("encrypted: \(few(asked.keys.map(Self.place)))")
        }
    }

    private func isExcepted(_ mount: String, by exception: String) -> Bool {
        guard exception.hasSuffix("/*") else { return mount == exception }
        return mount.hasPrefix(exception.dropLast())
    }

    /// Whether the system, or a home directory, is at a mount point: hier(7).
    ///
    /// Not so for a directory at which a person mounts a stick, such as `/media/stick`, `/mnt` or `/home/anna/stick`.
    private static func isOfTheSystem(_ mount: String) -> Bool {
        // Image-based systems have what is people's below /var.
        let mount =
            ["/var/home", "/var/mnt", "/var/media"].contains { isAt(mount, or: $0) }
            ? String(mount.dropFirst("/var".count)) : mount
        if isAt(mount, or: "/home") { return mount.split(separator: "/").count <= 2 }
        let directories = ["/etc", "/nix", "/opt", "/root", "/srv", "/sysroot", "/tmp", "/usr", "/var"]
        return mount == "/" || directories.contains { isAt(mount, or: $0) }
    }

    /// Whether a mount point is a directory or below it.
    private static func isAt(_ mount: String, or directory: String) -> Bool {
        mount == directory || mount.hasPrefix(directory + "/")
    }

    /// `*` stands for the file systems that the report does not list.
    private static func place(_ mount: String) -> String { mount == "*" ? "(others)" : mount }

    /// Memory that is swapped out does not reach a disk in the clear.
    func swapProtected() -> Judgement {
        .of(posture.swap) { swap in
            switch swap {
            case .off: .pass("there is no swap space")
            case .memory: .pass("swap space is in memory alone")
            case .encrypted: .pass("swap space is encrypted")
            case .unencrypted:
                .fail("swap space is not encrypted", "put it on LUKS, use zram instead, or remove it: swapoff(8)")
            }
        }
    }
}
