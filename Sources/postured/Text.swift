internal import Agent
internal import PostureModel

/// What the subcommands print for people.
enum Text {
    static func score(_ answer: ReportAnswer) -> String {
        let title = "score \(answer.score.value) of 100, device \(answer.device)"
        return ([title] + answer.score.lines(paint: Paint.mark(of:_:))).joined(separator: "\n")
    }

    static func checks(_ results: [CheckSummary]) -> String {
        results.flatMap { result in
            ["\(Paint.word(result.outcome.rawValue)): \(result.id): \(result.reason.printable())"]
                + (result.candidates.count > 1 ? result.candidates.prefix(candidateLimit).map(candidate) : [])
                + result.warnings.map { "\(Paint.word("warning")): \(result.id): \($0.printable())" }
        }.joined(separator: "\n")
    }

    /// More would bury the sentence above them; `--json` has all.
    private static let candidateLimit = 20

    private static func candidate(_ verdict: CandidateVerdict) -> String {
        let name = verdict.nickname.map { "'\($0.printable(limit: 64))' " } ?? ""
        let key = verdict.privateKey == "present" ? "with its key" : "its key is \(verdict.privateKey)"
        let outcome = Paint.word(verdict.isValid ? "valid" : "not valid")
        return "  \(outcome), \(key): \(name)\(verdict.reason.printable())"
    }

    static func listing(_ listing: DatabaseListing) -> String {
        guard !listing.certificates.isEmpty else { return "no certificate" }
        return listing.certificates.map { entry in
            let key = entry.privateKey == "present" ? "key" : entry.privateKey == "absent" ? "no key" : "key unknown"
            let name = entry.nickname.map { "'\($0.printable(limit: 64))'" } ?? "(no nickname)"
            let subject = entry.subject?.printable() ?? "(cannot be parsed)"
            return
                "\(pad(name, 24)) \(pad(entry.trust, 12)) \(pad(key, 11)) \(subject)  [\(entry.token.printable(limit: 64))]"
        }.joined(separator: "\n")
    }

    static func facts(_ view: MachineView) -> String {
        let facts = view.facts
        func serial(_ serial: SerialNumber) -> String {
            serial.junkReason.map { "'\(serial.value)' (junk: \($0))" } ?? serial.value
        }
        func mac(_ mac: MACAddress) -> String {
            "\(mac.address) (\(mac.interface), \(mac.source)\(mac.isLocallyAdministered ? ", locally administered" : ""))"
        }
        var rows = [
            ("product serial", text(facts.serials.product, serial)),
            ("board serial", text(facts.serials.board, serial)),
            ("chassis serial", text(facts.serials.chassis, serial)),
            ("MAC addresses", text(facts.macs) { list($0.map(mac)) }),
            ("hostname", text(facts.kernelHostname) { $0 }),
            ("static hostname", text(facts.staticHostname) { $0 }),
            ("WARP IPv4", text(facts.warpIPv4, list)),
            ("operating system", text(facts.osRelease) { $0.prettyName ?? "\($0.id) \($0.versionID ?? "")" }),
            ("kernel", text(facts.kernelRelease) { $0 }),
            ("machine id (app)", text(facts.machineID) { $0 }),
            ("boot id", text(facts.bootID) { $0 }),
            ("running for", text(facts.uptime) { "\(TimeSpan(seconds: $0))" }),
            ("WARP ids", text(view.warpIDs) { "\(list($0.ids)) (\(origin(of: $0, view)))" }),
        ]
        rows += posture(facts.posture)
        rows += view.checks.map { ("check \($0.id)", "\($0.outcome.rawValue): \($0.reason)") }
        return table(rows)
    }

    /// Where WARP ids come from, and how old they are.
    static func origin(of ids: WARPIDs, _ view: MachineView) -> String {
        switch view.warpIDSource {
        case .client: "the client told them"
        case .certificate: "its certificates have them; the client does not tell"
        case .memory:
            "the client told them \(TimeSpan(seconds: view.collectedAt.seconds(since: ids.readAt))) ago, and does not now"
        case .configuration: "from the configuration"
        case nil: "read at \(ids.readAt)"
        }
    }

    static func table(_ rows: [(String, String)]) -> String {
        rows.map { "\(Paint.word($0.0, width: 18)) \($0.1.printable())" }.joined(separator: "\n")
    }

    private static func posture(_ posture: Posture) -> [(String, String)] {
        func words<Value: RawRepresentable<String>>(_ values: [String: Value]) -> String {
            list(values.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.rawValue)" })
        }
        func disks(_ disks: [String: Disk]) -> String {
            list(
                disks.sorted { $0.key < $1.key }.map { point, disk in
                    "\(point) \(disk.encryption.rawValue)\(disk.isRemovable ? " (removable)" : "")"
                }
            )
        }
        func yes(_ value: Bool) -> String { value ? "yes" : "no" }
        return [
            ("Secure Boot", text(posture.secureBoot, \.rawValue)),
            ("TPM", text(posture.tpm, \.rawValue)),
            ("disks encrypted", text(posture.disks, disks)),
            ("swap", text(posture.swap, \.rawValue)),
            ("firewall enabled", text(posture.firewallEnabled, list)),
            ("firewall active", text(posture.firewallActive, words)),
            ("access control", text(posture.accessControl, words)),
            ("automatic updates", text(posture.automaticUpdates, yes)),
            ("packages updated", text(posture.packagesUpdated) { "\($0)" }),
            ("reboot required", text(posture.rebootRequired, yes)),
            ("WARP", text(posture.warp, \.rawValue)),
        ]
    }

    private static func list(_ values: [String]) -> String {
        values.isEmpty ? "none" : values.joined(separator: ", ")
    }

    private static func text<Value>(_ observation: Observation<Value>, _ show: (Value) -> String) -> String {
        switch observation {
        case .observed(let value): show(value)
        case .notApplicable(let reason): "- (\(reason))"
        case .unreadable(let reason): "unreadable: \(reason)"
        case .notReported: "not reported"
        }
    }

    static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
