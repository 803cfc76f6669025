internal import PostureModel

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
        if !(0...100).contains(matching.serialCap) { return "matching.serial_cap: is 0 to 100" }
        if !(1...1_000_000).contains(registration.devicesPerCertificate) {
            return "registration.devices_per_certificate: is 1 to 1000000"
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

    /// How a device could pass by not proving the certificate that puts it in a group; nil if none can.
    ///
    /// A device that could would not have to keep the group's rules.
    private var escape: String? {
        guard let first = groups.firstIndex(where: { !$0.certificateNames.isEmpty }) else { return nil }
        let later = groups[(first + 1)...].map { ("group '\($0.name)'", rules(of: $0)) } + [("[rules]", rules)]
        for (place, rules) in later {
            let proof = rules[.certificateProven] ?? Rule()
            if min(100 - proof.points, proof.gate ?? 100) >= passMark || proof.grace > 0 {
                return
                    "group[\(first)].certificate_names: a device could leave '\(groups[first].name)' by not proving its "
                    + "certificate, and pass by \(place): give certificate_proven there a gate below pass_mark "
                    + "(\(passMark)), and no grace"
            }
        }
        return nil
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
