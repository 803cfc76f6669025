@_spi(Verifying) package import PostureModel

/// Devices, and what they send, for tests of what the scorer makes of it.
package enum SampleDevice {
    /// The moment at which everything happens.
    package static let now = Timestamp(seconds: 1_800_000_000)

    /// The id of a device; of a greater number below 65,536 it is the greater.
    package static func id(_ number: Int) -> DeviceID {
        var bytes = [UInt8](repeating: 0, count: 32)
        bytes[0] = UInt8(truncatingIfNeeded: number >> 8)
        bytes[1] = UInt8(truncatingIfNeeded: number)
        guard let id = DeviceID(rawValue: Base64URL.encode(bytes)) else { preconditionFailure("32 bytes make an id") }
        return id
    }

    /// The key of a device.
    package static func key(_ number: Int) -> JWK {
        JWK.ec(
            curve: .p256,
            x: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 32),
            y: [UInt8](repeating: 2, count: 32)
        )
    }

    /// The registration of a device, by the certificate `leaf`.
    package static func registration(_ number: Int) -> VerifiedRegistration {
        VerifiedRegistration(device: id(number), key: key(number), token: nil, provenCertificate: "leaf")
    }

    /// A hardware address.
    package static func mac(_ text: String) -> MACAddress {
        let octets = text.split(separator: ":").compactMap { UInt8($0, radix: 16) }
        guard let mac = MACAddress(octets: octets, interface: "eth0", source: .permanent) else {
            preconditionFailure("\(text) is an address")
        }
        return mac
    }

    /// The facts of a machine.
    package static func facts(
        serial: Observation<SerialNumber> = .observed(SerialNumber("PF0FAKE1")),
        macs: Observation<[MACAddress]> = .observed([mac("74:1d:3e:23:e0:fe")]),
        kernelHostname: Observation<String> = .observed("laptop-1"),
        staticHostname: Observation<String> = .observed("laptop-1"),
        osRelease: Observation<OSRelease> = .observed(OSRelease(id: "debian", versionID: "12")),
        bootID: Observation<String> = .unreadable(reason: "not looked at"),
        posture: Posture = Posture()
    ) -> Facts {
        Facts(
            serials: SerialNumbers(
                product: serial,
                board: .unreadable(reason: "permission denied"),
                chassis: .notApplicable(reason: "no chassis")
            ),
            macs: macs,
            kernelHostname: kernelHostname,
            staticHostname: staticHostname,
            warpIPv4: .notApplicable(reason: "no interface"),
            osRelease: osRelease,
            kernelRelease: .observed("6.1.0"),
            machineID: .unreadable(reason: "not looked at"),
            bootID: bootID,
            uptime: .unreadable(reason: "not looked at"),
            posture: posture
        )
    }

    /// What a device says of a machine.
    package static func report(
        _ number: Int,
        facts: Facts = facts(),
        warpIDs: [String] = [],
        agent: String = "postured/test"
    ) -> Report {
        Report(
            device: id(number),
            audience: "https://scorer.example.test",
            agent: agent,
            collectedAt: now,
            facts: facts,
            warpIDs: warpIDs.isEmpty
                ? .notApplicable(reason: "no client") : .observed(WARPIDs(ids: warpIDs, readAt: now)),
            checks: []
        )
    }

    /// A report that was verified; its nonce was issued `nonce` microseconds after ``now``.
    package static func verified(_ report: Report, nonce: Int64, checks: [CheckVerdict] = []) -> VerifiedReport {
        VerifiedReport(
            report: report,
            payload: (try? Wire.encode(report)) ?? [],
            checks: checks,
            nonceIssuedAt: Timestamp(microseconds: now.microseconds + nonce)
        )
    }

    /// A verified report of a machine that has these; its host name is `laptop-` and the number unless one is given.
    package static func verified(
        _ number: Int,
        nonce: Int64,
        serial: String? = nil,
        warpIDs: [String] = [],
        checks: [CheckVerdict] = [],
        hostname: String? = nil,
        bootID: String? = nil,
        agent: String = "postured/test"
    ) -> VerifiedReport {
        let none = Observation<String>.unreadable(reason: "not looked at")
        let facts = facts(
            serial: serial.map { .observed(SerialNumber($0)) } ?? .unreadable(reason: "permission denied"),
            kernelHostname: .observed(hostname ?? "laptop-\(number)"),
            staticHostname: none,
            bootID: bootID.map { .observed($0) } ?? none
        )
        return verified(report(number, facts: facts, warpIDs: warpIDs, agent: agent), nonce: nonce, checks: checks)
    }
}

extension SampleDevice {
    /// A key replacement of a device that was verified with both keys.
    package static func replacement(
        _ number: Int,
        of old: JWK,
        by new: JWK,
        thumbprint: String,
        receipt: String? = nil
    ) -> VerifiedKeyReplacement {
        VerifiedKeyReplacement(
            device: id(number),
            oldKey: old,
            newKey: new,
            newThumbprint: thumbprint,
            receipt: receipt
        )
    }
}
