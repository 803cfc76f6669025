extension Report {
    /// The first member that is beyond its bound; nil if the report may be sent and taken.
    package var excess: MemberExcess? { inspected(mends: false).inspector.excess }

    /// The report with every member within its bound: what is beyond is unreadable, or cut.
    package var bounded: Report { inspected(mends: true).report }

    package func inspected(mends: Bool) -> (report: Report, inspector: MemberInspector) {
        var (report, inspector) = (self, MemberInspector(mends: mends))
        report.inspect(&inspector)
        return (report, inspector)
    }

    /// Every member and its bound: the table of docs/wire-format.md.
    private mutating func inspect(_ look: inout MemberInspector) {
        look.closed("schema", "1")
        look.closed("device", "a SHA-256 in base64url")
        look.value("audience", audience, .text(2048))
        look.text("agent", &agent, limit: 128)
        look.closed("collected_at", "a time of the years 1 to 9999")
        facts.inspect(&look)
        warpIDs.removeAll { look.mends && !Bound.warpID.holds($0) }
        look.list("warp_ids", &warpIDs, limit: 8) { $1.value("warp_ids", $0, .warpID) }
        look.list("checks", &checks, limit: JWS.Limit.signatures - 1) { $0.inspect(&$1) }
    }
}

extension Facts {
    fileprivate mutating func inspect(_ look: inout MemberInspector) {
        let text = Bound.text(MemberInspector.textLimit)
        func serial(_ name: String, _ serial: inout Observation<SerialNumber>) {
            look.observation("facts.serials.\(name)", &serial) { serial, look in
                look.value("facts.serials.\(name).value", serial.value, text)
                look.closed("facts.serials.\(name).junk", "passed over")
            }
        }
        serial("product_serial", &serials.product)
        serial("board_serial", &serials.board)
        serial("chassis_serial", &serials.chassis)
        look.observation("facts.macs", &macs) { macs, look in
            look.value("facts.macs", macs.count, .entries(64))
            look.closed("facts.macs.address", "six octets")
            // IFNAMSIZ of net/if.h, with its NUL.
            for mac in macs { look.value("facts.macs.interface", mac.interface, .text(15)) }
            look.closed("facts.macs.source", "a word of the table above")
            look.closed("facts.macs.locally_administered", "passed over")
        }
        look.observation("facts.kernel_hostname", &kernelHostname, text)
        look.observation("facts.static_hostname", &staticHostname, text)
        look.observation("facts.warp_ipv4", &warpIPv4) { addresses, look in
            look.value("facts.warp_ipv4", addresses.count, .entries(256))
            for address in addresses { look.value("facts.warp_ipv4", address, .ipv4) }
        }
        look.observation("facts.os_release", &osRelease) { osRelease, look in
            look.value("facts.os_release.id", osRelease.id, text)
            look.value("facts.os_release.version_id", osRelease.versionID ?? "", text)
            look.value("facts.os_release.pretty_name", osRelease.prettyName ?? "", text)
        }
        look.observation("facts.kernel_release", &kernelRelease, text)
        look.observation("facts.machine_id", &machineID, .machineID)
        look.observation("facts.boot_id", &bootID, .uuid)
        posture.inspect(&look)
    }
}

extension Posture {
    fileprivate mutating func inspect(_ look: inout MemberInspector) {
        let word = "a word of the table above"
        look.observation("facts.posture.secure_boot", &secureBoot, closed: word)
        look.observation("facts.posture.tpm", &tpm, closed: word)
        look.observation("facts.posture.disks", &disks) { disks, look in
            look.value("facts.posture.disks", disks.count, .entries(64))
            for point in disks.keys { look.value("facts.posture.disks", point, .text(MemberInspector.textLimit)) }
        }
        look.observation("facts.posture.swap", &swap, closed: word)
        look.observation("facts.posture.firewall_enabled", &firewallEnabled) { names, look in
            look.value("facts.posture.firewall_enabled", names.count, .entries(16))
            for name in names { look.value("facts.posture.firewall_enabled", name, .text(64)) }
        }
        look.observation("facts.posture.firewall_active", &firewallActive) { states, look in
            look.value("facts.posture.firewall_active", states.count, .entries(16))
            for name in states.keys { look.value("facts.posture.firewall_active", name, .text(64)) }
        }
        look.observation("facts.posture.access_control", &accessControl) { modes, look in
            look.value("facts.posture.access_control", modes.count, .entries(16))
            for name in modes.keys { look.value("facts.posture.access_control", name, .text(64)) }
        }
        look.observation("facts.posture.automatic_updates", &automaticUpdates, closed: "`true` or `false`")
        look.observation("facts.posture.packages_updated", &packagesUpdated, closed: "a time of the years 1 to 9999")
        look.observation("facts.posture.reboot_required", &rebootRequired, closed: "`true` or `false`")
        look.observation("facts.posture.warp", &warp, closed: word)
    }
}

extension CheckFinding {
    private var excess: MemberExcess? {
        var (finding, look) = (self, MemberInspector(mends: false))
        finding.inspect(&look)
        return look.excess
    }

    fileprivate mutating func inspect(_ look: inout MemberInspector) {
        look.value("checks.id", id, .checkID)
        switch certificate {
        case .notFound(var reason):
            look.reason("checks.certificate", &reason)
            certificate = .notFound(reason: reason)
        case .unreadable(var reason):
            look.reason("checks.certificate", &reason)
            certificate = .unreadable(reason: reason)
        case .found(var found):
            look.value("checks.certificate.sha256", found.fingerprint, .digest)
            look.value("checks.certificate.x5c", found.chain.count, .entries(JWS.Limit.certificates))
            for der in found.chain { look.value("checks.certificate.x5c", der.count, .bytes(16 * 1024)) }
            look.closed("checks.certificate.private_key", "`present`, `absent` or `unreadable`")
            look.closed("checks.certificate.private_key_shared", "`true` or `false`")
            if case .unreadable(var reason) = found.privateKey {
                look.closed("checks.certificate.private_key_unreadable", "a reason")
                look.reason("checks.certificate.private_key_unreadable", &reason)
                found.privateKey = .unreadable(reason: reason)
            }
            certificate = .found(found)
            if look.mends, let excess { certificate = .unreadable(reason: "it cannot be reported: \(excess)") }
        }
    }
}

extension Registration {
    /// The first member that is beyond its bound; nil if the registration may be sent and taken.
    package var excess: MemberExcess? { inspector.excess }

    package var inspector: MemberInspector {
        var look = MemberInspector(mends: false)
        look.closed("device", "a SHA-256 in base64url")
        look.value("audience", audience, .text(2048))
        look.value("token", token ?? "", .text(256))
        return look
    }
}

extension ProtectedHeader {
    /// The first member that is beyond its bound; nil if there is none.
    package var excess: MemberExcess? { inspector.excess }

    package var inspector: MemberInspector {
        var look = MemberInspector(mends: false)
        look.closed("alg", "a word of the table above")
        look.closed("typ", "a word of the table below")
        look.value("url", url, .text(8192))
        look.value("nonce", nonce, .text(256))
        look.value("role", role, .checkID)
        look.value("kid", kid ?? "", .text(256))
        look.closed("jwk", "a P-256 key")
        look.value("x5t#S256", x5t ?? "", .text(256))
        return look
    }
}
