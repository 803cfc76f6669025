internal import PostureModel

extension Subject {
    /// Every file system on a disk is encrypted, but for those mounted at an exception.
    func diskEncrypted(except: [String]) -> Judgement {
        .of(posture.disks) { disks in
            let asked = disks.filter { mount, _ in !except.contains { isExcepted(mount, by: $0) } }
            guard !asked.isEmpty else { return .notApplicable("no file system on a disk, besides the exceptions") }
            let open = asked.filter { $0.value == .no }.keys.map(Self.place)
            if !open.isEmpty {
                return .fail(
                    "not encrypted: \(few(open))",
                    "encrypt with LUKS (cryptsetup-reencrypt(8), or a new installation)"
                )
            }
            let unseen = asked.filter { $0.value == .unknown }.keys.map(Self.place)
            if !unseen.isEmpty { return .unknown("nobody can see whether it is encrypted: \(few(unseen))") }
            return .pass("encrypted: \(few(asked.keys.map(Self.place)))")
        }
    }

    private func isExcepted(_ mount: String, by exception: String) -> Bool {
        guard exception.hasSuffix("/*") else { return mount == exception }
        return mount.hasPrefix(exception.dropLast())
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
