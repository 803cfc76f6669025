internal import PostureModel

/// Each key may be left out, and then has the value of ``Policy/standard``.
extension Policy: Decodable {
    private enum CodingKeys: String, CodingKey {
        case rules, freshness, matching, registration
        case groups = "group"
        case reportInterval = "report_interval"
        case passMark = "pass_mark"
        case approvalAbove = "approval_above"
    }

    /// Reads the table; what it leaves out has its standard value.
    package init(from decoder: any Decoder) throws {
        let table = try decoder.container(keyedBy: CodingKeys.self)
        let standard = Policy.standard
        rules = try table.decodeIfPresent(RuleTable.self, forKey: .rules)?.rules ?? standard.rules
        groups = try table.decodeIfPresent([Group].self, forKey: .groups) ?? standard.groups
        freshness = try table.decodeIfPresent(Freshness.self, forKey: .freshness) ?? standard.freshness
        matching = try table.decodeIfPresent(Matching.self, forKey: .matching) ?? standard.matching
        registration = try table.decodeIfPresent(Registration.self, forKey: .registration) ?? standard.registration
        let interval = try table.decodeIfPresent(TimeSpan.self, forKey: .reportInterval)
        reportInterval = interval.map { Int(clamping: $0.seconds) } ?? standard.reportInterval
        passMark = try table.decodeIfPresent(Int.self, forKey: .passMark) ?? standard.passMark
        approvalAbove = try table.decodeIfPresent(Int.self, forKey: .approvalAbove) ?? standard.approvalAbove
    }
}

extension Policy.Group: Decodable {
    private enum CodingKeys: String, CodingKey {
        case name, tags, rules
        case certificateNames = "certificate_names"
    }

    /// Reads the table.
    package init(from decoder: any Decoder) throws {
        let table = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try table.decode(String.self, forKey: .name),
            tags: try table.decodeIfPresent([String].self, forKey: .tags) ?? [],
            certificateNames: try table.decodeIfPresent([String].self, forKey: .certificateNames) ?? [],
            rules: try table.decodeIfPresent(RuleTable.self, forKey: .rules)?.rules ?? [:]
        )
    }
}

extension Policy.Freshness: Decodable {
    private enum CodingKeys: String, CodingKey {
        case freshFor = "fresh_for"
        case staleAfter = "stale_after"
    }

    /// Reads the table; what it leaves out has its standard value.
    package init(from decoder: any Decoder) throws {
        let table = try decoder.container(keyedBy: CodingKeys.self)
        let standard = Policy.standard.freshness
        freshFor = try table.decodeIfPresent(TimeSpan.self, forKey: .freshFor)?.seconds ?? standard.freshFor
        staleAfter = try table.decodeIfPresent(TimeSpan.self, forKey: .staleAfter)?.seconds ?? standard.staleAfter
    }
}

extension Policy.Matching: Decodable {
    private enum CodingKeys: String, CodingKey {
        case serialMatch = "serial_match"
        case serialCap = "serial_cap"
        case serialContradicts = "serial_contradicts"
    }

    /// Reads the table; what it leaves out has its standard value.
    package init(from decoder: any Decoder) throws {
        let table = try decoder.container(keyedBy: CodingKeys.self)
        let standard = Policy.standard.matching
        serialMatch = try table.decodeIfPresent(Policy.SerialMatch.self, forKey: .serialMatch) ?? standard.serialMatch
        serialCap = try table.decodeIfPresent(Int.self, forKey: .serialCap) ?? standard.serialCap
        serialContradicts =
            try table.decodeIfPresent(Bool.self, forKey: .serialContradicts) ?? standard.serialContradicts
    }
}

extension Policy.Registration: Decodable {
    private enum CodingKeys: String, CodingKey {
        case byCertificate = "by_certificate"
        case devicesPerCertificate = "devices_per_certificate"
    }

    /// Reads the table; what it leaves out has its standard value.
    package init(from decoder: any Decoder) throws {
        let table = try decoder.container(keyedBy: CodingKeys.self)
        let standard = Policy.standard.registration
        byCertificate = try table.decodeIfPresent(Bool.self, forKey: .byCertificate) ?? standard.byCertificate
        devicesPerCertificate =
            try table.decodeIfPresent(Int.self, forKey: .devicesPerCertificate) ?? standard.devicesPerCertificate
    }
}
