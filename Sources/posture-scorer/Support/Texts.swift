internal import PostureModel
internal import ScorerCore
internal import ScorerModel
internal import Scoring

extension DeviceSummary {
    /// The device in one line of a list.
    func line(at now: Timestamp) -> String {
        let names = "\(hostname ?? "no host name")  serial: \(serial ?? "none")"
        let age = receivedAt.map { "last report: \(TimeSpan(seconds: now.seconds(since: $0))) ago" }
        let report = registeredAt == nil ? "deleted" : age ?? "no report yet"
        return "\(device)  \(names)  \(report)\(retiredAt == nil ? "" : "  retired")\(isBlocked ? "  blocked" : "")"
    }

    /// The id, and the names by which people know the device.
    var names: String { ([device.rawValue] + [hostname, serial].compactMap { $0 }).joined(separator: "  ") }
}

extension FleetCounts {
    /// The devices together in one line: `42 devices, last report 3 s ago`.
    func line(at now: Timestamp) -> String {
        let count = devices == 1 ? "1 device" : "\(devices) devices"
        guard let newest else { return "\(count), no report yet" }
        return "\(count), last report \(TimeSpan(seconds: now.seconds(since: newest))) ago"
    }
}

extension PendingChange {
    /// The change in one line.
    var line: String {
        "\(subject): \(impact.failing) of the \(impact.passing) devices that pass would fail; waiting since \(since)"
    }
}

extension PolicyFile {
    /// The policy's times in one line.
    var line: String {
        "report every \(TimeSpan(seconds: Int64(policy.reportInterval))), fresh for \(TimeSpan(seconds: policy.freshness.freshFor)), stale after "
            + "\(TimeSpan(seconds: policy.freshness.staleAfter))"
    }
}

extension SimulatedScore {
    /// The device and both scores in one line.
    var line: String {
        "\(device)  \(before) -> \(after)\(failing.isEmpty ? "" : ": \(failing.joined(separator: ", "))")"
    }
}

extension PolicySimulation {
    /// All devices together in one line.
    var line: String {
        "\(examined) devices examined: \(changed) would have another score; of \(impact.passing) that pass (\(passMark)), "
            + "\(impact.failing) would fail\(needsApproval ? ": the change would wait for approval" : "")"
    }
}

extension ScoreExplanation {
    /// The explanation line by line; `time` is the moment that was asked for.
    func lines(at time: Timestamp?) -> [String] {
        let names = [device.hostname, device.serial].compactMap { $0 }.joined(separator: ", ")
        let moment = time.map { " at \($0)" } ?? ""
        let head = [
            "\(device.device) (\(names)): \(answer.score.value) of 100\(moment)",
            "  reported at \(answer.receivedAt), by \(device.agent ?? "an unknown agent")",
        ]
        let claimed = identifiers.flatMap { $0.lines(of: device.device) }
        return head + answer.score.lines() + claimed
            + pendingChanges.map { "  waiting for approval, so the running scorer may answer otherwise: \($0.line)" }
    }
}

extension Block {
    /// What the block covers.
    var phrase: String {
        switch kind {
        case .device: "the device, whatever it reports"
        case .deviceKey: "the device key \(value.printable())"
        case .certificateKey: "the certificate key \(value.printable())"
        case .serial: "the serial number \(value.printable())"
        case .warp: "the WARP id \(value.printable())"
        }
    }
}

extension Waiver {
    /// The waiver in one line.
    var line: String {
        "waived: \(rule) until \(expiresAt): \(reason.printable()) (\(createdBy.printable()), \(createdAt))"
    }
}
