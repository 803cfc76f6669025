internal import PostureModel
internal import TestSupport

/// What a machine's agent reports.
enum MachineReport {
    /// The facts of a machine with this boot and host name.
    static func facts(
        serial: String,
        hostname: String,
        boot: String,
        uptime: Int64,
        system: Int,
        using generator: inout SeededGenerator
    ) -> Facts {
        let (release, kernel) = OperatingSystems.all[system]
        let isReadable = !generator.chance(perMille: 5)
        var facts = Facts(
            serials: SerialNumbers(
                product: isReadable ? .observed(SerialNumber(serial)) : .unreadable(reason: "permission denied"),
                board: .observed(SerialNumber(generator.chance(perMille: 300) ? "Default string" : ".\(serial).CN1")),
                chassis: generator.chance(perMille: 500)
                    ? .notApplicable(reason: "the firmware has none") : .observed(SerialNumber("None"))
            ),
            macs: .observed(macs(&generator)),
            kernelHostname: .observed(hostname),
            staticHostname: .observed(hostname),
            warpIPv4: generator.chance(perMille: 900)
                ? .observed(["100.96.\(generator.bytes(1)[0]).\(generator.bytes(1)[0])"])
                : .notApplicable(reason: "there is no interface CloudflareWARP"),
            osRelease: .observed(release),
            kernelRelease: .observed(kernel),
            machineID: .observed(Hexadecimal.encode(generator.bytes(16))),
            bootID: .observed(boot),
            uptime: .observed(uptime)
        )
        facts.posture = posture(&generator)
        return facts
    }

    /// The ids of the WARP client: a few machines have none, and a few agents cannot tell.
    static func warpIDs(
        _ ids: [String],
        at collectedAt: Timestamp,
        using generator: inout SeededGenerator
    ) -> Observation<WARPIDs> {
        guard ids.isEmpty else { return .observed(WARPIDs(ids: ids, readAt: collectedAt)) }
        return generator.chance(perMille: 500)
            ? .notApplicable(reason: "there is no WARP client") : .unreadable(reason: "its service does not answer")
    }

    private static func macs(_ generator: inout SeededGenerator) -> [MACAddress] {
        let prefix: [UInt8] = generator.pick([[0x74, 0x1d, 0x3e], [0x8c, 0x8c, 0xaa], [0x00, 0x1a, 0x4b]])
        let names = ["enp0s31f6", "wlp0s20f3", "enx8c8caa"].prefix(Int.random(in: 1...3, using: &generator))
        return names.compactMap { name in
            MACAddress(octets: prefix + generator.bytes(3), interface: name, source: .permanent)
        }
    }

    private static func posture(_ generator: inout SeededGenerator) -> Posture {
        var posture = Posture()
        posture.secureBoot = .observed(generator.chance(perMille: 800) ? .enabled : .disabled)
        posture.tpm = .observed(generator.chance(perMille: 950) ? .version2 : .none)
        let home: Disk = generator.chance(perMille: 900) ? .yes : .no
        posture.disks = .observed(["/": home, "/boot": .no, "/boot/efi": .no, "/home": home])
        posture.swap = .observed(generator.pick([.off, .memory, .encrypted, .unencrypted]))
        let firewalls = generator.pick([["nftables"], ["ufw"], ["firewalld"], []])
        posture.firewallEnabled = .observed(firewalls)
        posture.firewallActive = .observed(Dictionary(uniqueKeysWithValues: firewalls.map { ($0, UnitState.active) }))
        posture.accessControl = .observed(["apparmor": .enforcing])
        posture.automaticUpdates = .observed(generator.chance(perMille: 700))
        posture.packagesUpdated =
            generator.chance(perMille: 950)
            ? .observed(Timestamp(seconds: 1_764_000_000 + Int64(Int.random(in: 0..<500_000, using: &generator))))
            : .unreadable(reason: "/var/lib/dpkg/status: permission denied")
        posture.rebootRequired = .observed(generator.chance(perMille: 100))
        posture.warp = .observed(generator.chance(perMille: 900) ? .connected : .disconnected)
        return posture
    }
}
