internal import PostureModel
internal import ScorerModel

/// Each key may be left out, and then has the value of ``Policy/standard``.
extension Policy: Decodable {
    private enum CodingKeys: String, CodingKey {
        case rules, freshness, matching, certificates, registration
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
        certificates = try table.decodeIfPresent(Certificates.self, forKey: .certificates) ?? standard.certificates
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
        case warpMatch = "warp_match"
        case serialMatch = "serial_match"
        case sharedMACs = "shared_macs"
        case sharedHostnames = "shared_hostnames"
    }

    /// Reads the table; what it leaves out has its standard value.
    package init(from decoder: any Decoder) throws {
        let table = try decoder.container(keyedBy: CodingKeys.self)
        let standard = Policy.standard.matching
        warpMatch = try table.decodeIfPresent(LinkRules.WARPMatch.self, forKey: .warpMatch) ?? standard.warpMatch
        serialMatch =
            try table.decodeIfPresent(LinkRules.SerialMatch.self, forKey: .serialMatch) ?? standard.serialMatch
        let macs = try table.decodeIfPresent([String].self, forKey: .sharedMACs) ?? []
        let hostnames = try table.decodeIfPresent([String].self, forKey: .sharedHostnames) ?? []
        shared = SharedValues(
            macs: Set(macs.map { MACAddress.normalised($0) ?? $0.lowercased() }),
            hostnames: Set(hostnames.map { $0.trimmed().lowercased() })
        )
    }
}

extension Policy.Certificates: Decodable {
    private enum CodingKeys: String, CodingKey {
        case devicesPerCertificate = "devices_per_certificate"
        case crlGrace = "crl_grace"
    }

    /// Reads the table; what it leaves out has its standard value.
    package init(from decoder: any Decoder) throws {
        let table = try decoder.container(keyedBy: CodingKeys.self)
        let standard = Policy.standard.certificates
        devicesPerCertificate =
            try table.decodeIfPresent(Int.self, forKey: .devicesPerCertificate) ?? standard.devicesPerCertificate
        crlGrace = try table.decodeIfPresent(TimeSpan.self, forKey: .crlGrace)?.seconds ?? standard.crlGrace
    }
}

extension Policy.Registration: Decodable {
    private enum CodingKeys: String, CodingKey {
        case byCertificate = "by_certificate"
        case perCertificate = "per_certificate"
    }

    /// Reads the table; what it leaves out has its standard value.
    package init(from decoder: any Decoder) throws {
        let table = try decoder.container(keyedBy: CodingKeys.self)
        let standard = Policy.standard.registration
        byCertificate = try table.decodeIfPresent(Bool.self, forKey: .byCertificate) ?? standard.byCertificate
        perCertificate = try table.decodeIfPresent(Int.self, forKey: .perCertificate) ?? standard.perCertificate
    }
}
