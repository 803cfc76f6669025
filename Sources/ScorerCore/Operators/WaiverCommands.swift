internal import Logging
package import PostureModel
package import ScorerModel
internal import ScorerStore
internal import Scoring

/// Rules that are waived for a device.
extension OperatorCommands {
    /// The longest that a rule can be waived for, in seconds: a year.
    private static let longest: Int64 = 366 * 86_400

    /// Waives a rule for a device until a moment, RFC 3339 or from now on such as `7d`.
    ///
    /// - Throws: ``OperatorError``, also as ``findDevice(_:)``.
    package func waive(_ text: String, rule: String, until: String, reason: String) async throws -> Waiver {
        let (rule, reason, end) = (try Self.rule(rule), try Self.reason(reason), try moment(until))
        let device = try await findDevice(text)
        let waiver = Waiver(
            device: device.device,
            rule: rule,
            expiresAt: end,
            reason: reason,
            createdBy: actor,
            createdAt: now
        )
        try await decide(device, .waive, "\(rule) until \(end): \(reason)") { record, _ in
            let others = record.waivers.count { $0.rule != rule }
            guard others < Waiver.limit else {
                throw OperatorError(
                    .conflict,
                    "the device has \(Waiver.limit) waivers, expired ones too: remove those it does not need"
                )
            }
            return [.waive(waiver)]
        }
        return waiver
    }

    /// Ends a waiver before its time.
    ///
    /// - Throws: ``OperatorError`` if there is none, and as ``findDevice(_:)``.
    package func revokeWaiver(_ text: String, rule: String) async throws -> DeviceSummary {
        let rule = try Self.rule(rule)
        let device = try await findDevice(text)
        try await decide(device, .revokeWaiver, rule) { record, _ in
            guard record.waivers.contains(where: { $0.rule == rule }) else {
                throw OperatorError(.notFound, "the rule \(rule) is not waived for the device \(device.device)")
            }
            return [.removeWaiver(device.device, rule: rule)]
        }
        return device
    }

    private static func rule(_ text: String) throws(OperatorError) -> String {
        guard let name = Rule.Name(rawValue: text) else {
            let names = Rule.Name.allCases.map(\.rawValue).joined(separator: ", ")
            throw OperatorError(.malformed, "'\(text.printable(limit: 64))' is no rule; there are: \(names)")
        }
        guard name != .reportFresh else {
            throw OperatorError(
                .malformed,
                "report_fresh cannot be waived: the policy's [freshness] says how old a report may be"
            )
        }
        return name.rawValue
    }

    /// A moment in the future: `2026-12-24T12:00:00Z`, or from now on `90s`, `30m`, `12h`, `7d`, `2w`.
    package func moment(_ text: String) throws(OperatorError) -> Timestamp {
        guard let end = Timestamp(rfc3339: text) ?? TimeSpan(text).map({ now.adding(seconds: $0.seconds) }) else {
            throw OperatorError(
                .malformed,
                "'\(text.printable(limit: 64))' is no time: say one such as 2026-12-24T12:00:00Z, or from now on \(TimeSpan.examples)"
            )
        }
        guard end > now, end <= now.adding(seconds: Self.longest) else {
            throw OperatorError(.malformed, "\(end) is not within a year from now (\(now))")
        }
        return end
    }
}

extension OperatorAction {
    static let waive = OperatorAction("waiver.add", "waiver added", subject: "device")
    static let revokeWaiver = OperatorAction("waiver.remove", "waiver removed", subject: "device")
}
