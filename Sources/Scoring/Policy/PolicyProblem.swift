internal import PostureModel
internal import ScorerModel

extension Policy {
    /// The problem with the policy, with the key that it is about; nil if there is none.
    package var problem: String? {
        if let problem = Self.problem(of: rules, in: "rules") { return problem }
        let sum = Self.sum(of: rules)
        if sum != 100 { return "rules: the points sum to \(sum), not to 100" }
        if let problem = problemOfGroups { return problem }
        if freshness.freshFor < 0 || freshness.staleAfter <= freshness.freshFor || freshness.staleAfter > 31_536_000 {
            return "freshness: fresh_for is shorter than stale_after, which is at most 365d"
        }
        if let problem = matching.shared.problem { return "matching.\(problem)" }
        if !(1...256).contains(certificates.devicesPerCertificate) {
            return "certificates.devices_per_certificate: is 1 to 256"
        }
        if !(0...31_536_000).contains(certificates.crlGrace) { return "certificates.crl_grace: is at most 365d" }
        if !(1...1_000_000).contains(registration.perCertificate) {
            return "registration.per_certificate: is 1 to 1000000"
        }
        if !(10...86_400).contains(reportInterval) { return "report_interval: is 10s to 1d" }
        if !(1...100).contains(passMark) { return "pass_mark: is 1 to 100" }
        if !(0...100).contains(approvalAbove) { return "approval_above: is 0 to 100 percent" }
        return nil
    }

    private static func sum(of rules: [Rule.Name: Rule]) -> Int { rules.values.map(\.points).reduce(0, +) }

    private static func problem(of rules: [Rule.Name: Rule], in table: String) -> String? {
        for name in Rule.Name.allCases {
            if let problem = rules[name]?.problem(name) { return "\(table).\(name.rawValue)\(problem)" }
        }
        return nil
    }

    private var problemOfGroups: String? {
        if groups.count > 64 { return "group: there are more than 64" }
        for (index, group) in groups.enumerated() {
            let key = "group[\(index)]"
            if let problem = group.problem { return "\(key).\(problem)" }
            if groups[..<index].contains(where: { $0.name == group.name }) {
                return "\(key).name: duplicate name '\(group.name)'"
            }
            if let problem = Self.problem(of: group.rules, in: "\(key).rules") { return problem }
            let sum = Self.sum(of: rules(of: group))
            if sum != 100 {
                return
                    "\(key).rules: the points of '\(group.name)', those of [rules] included that it does not change, "
                    + "sum to \(sum), not to 100"
            }
        }
        return escape
    }

    /// A gate of a group that devices in no group lack; nil if there is none.
    ///
    /// A machine that is installed again is in no group until an operator, the inventory or its certificate puts it into one:
    /// it must not pass by that.
    private var escape: String? {
        for (index, group) in groups.enumerated() {
            let groupRules = self.rules(of: group)
            for name in Rule.Name.allCases {
                guard let gate = groupRules[name]?.gate, rules[name]?.gate.map({ $0 <= gate }) != true else { continue }
                return
                    "group[\(index)].rules.\(name.rawValue).gate: devices in no group lack the gate of '\(group.name)', and a "
                    + "machine could pass by leaving the group: give rules.\(name.rawValue) a gate of \(gate) or less"
            }
        }
        return nil
    }
}

extension SharedValues {
    /// The problem with an operator's lists, with the key that it is about; nil if there is none.
    fileprivate var problem: String? {
        if macs.count > 1000 { return "shared_macs: there are more than 1000" }
        if let wrong = macs.sorted().first(where: { !Self.isMAC($0) }) {
            return
                "shared_macs: '\(wrong.printable(limit: 64))' is no address such as \"ac:de:48:00:11:22\" or \"02:42:*\""
        }
        if hostnames.count > 1000 { return "shared_hostnames: there are more than 1000" }
        if let wrong = hostnames.sorted().first(where: { Hostname($0)?.shortLabel != $0 }) {
            return "shared_hostnames: '\(wrong.printable(limit: 64))' is no host name without a domain"
        }
        return nil
    }

    private static func isMAC(_ text: String) -> Bool {
        if MACAddress.normalised(text) == text { return true }
        let octets = text.split(separator: ":", omittingEmptySubsequences: false)
        return octets.last == "*" && (2...6).contains(octets.count)
            && octets.dropLast().allSatisfy { $0.utf8.count == 2 && UInt8($0, radix: 16) != nil }
    }
}

extension Policy.Group {
    /// The problem with the group's own keys; nil if there is none.
    fileprivate var problem: String? {
        func isName(_ text: String, _ limit: Int) -> Bool {
            (1...limit).contains(text.utf8.count) && text == text.trimmed() && text == text.printable()
        }
        if !isName(name, 64) { return "name: is 1 to 64 bytes of text" }
        if tags.isEmpty, certificateNames.isEmpty {
            return "tags: neither tags nor certificate_names: no device can be in the group"
        }
        if tags.count > 64 || !tags.allSatisfy({ isName($0, 64) }) { return "tags: at most 64, of 1 to 64 bytes each" }
        if certificateNames.count > 64 || !certificateNames.allSatisfy({ isName($0, 256) }) {
            return "certificate_names: at most 64, of 1 to 256 bytes each"
        }
        return nil
    }
}

extension Rule {
    /// The problem with the rule, as a text to be put after its name (`.gate: …`); nil if there is none.
    fileprivate func problem(_ name: Name) -> String? {
        if !(0...100).contains(points) { return ".points: is 0 to 100" }
        if let gate, !(0...99).contains(gate) { return ".gate: is 0 to 99" }
        if !(0...31_536_000).contains(grace) { return ".grace: is at most a year" }
        if isWarning, counts || grace > 0 { return ".warn: a warning costs nothing: it has no points, gate or grace" }
        if name == .reportFresh, grace > 0 { return ".grace: how old a report may be is for [freshness] to say" }
        if !isInForce, self != Rule() { return ": has neither points, nor a gate, nor warn = true: it does nothing" }
        return parameters.problem(of: name, isInForce: isInForce)
    }
}
