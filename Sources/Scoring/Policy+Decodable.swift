/// Every key may be left out, and then has the value of ``Policy/standard``.
extension Policy: Decodable {
    private enum CodingKeys: String, CodingKey {
        case rules, freshness, matching, registration
        case reportInterval = "report_interval"
    }

    /// Reads the table; what it leaves out has its standard value.
    public init(from decoder: any Decoder) throws {
        let table = try decoder.container(keyedBy: CodingKeys.self)
        let standard = Policy.standard
        points = try table.decodeIfPresent(Points.self, forKey: .rules) ?? standard.points
        freshness = try table.decodeIfPresent(Freshness.self, forKey: .freshness) ?? standard.freshness
        matching = try table.decodeIfPresent(Matching.self, forKey: .matching) ?? standard.matching
        registration = try table.decodeIfPresent(Registration.self, forKey: .registration) ?? standard.registration
        reportInterval = try table.decodeIfPresent(Int.self, forKey: .reportInterval) ?? standard.reportInterval
    }
}

extension Policy.Points: Decodable {
    private enum CodingKeys: String, CodingKey {
        case certificateProven = "certificate_proven"
        case certificateKeyPresent = "certificate_key_present"
        case certificatePresent = "certificate_present"
        case reportFresh = "report_fresh"
        case serialKnown = "serial_known"
    }

    /// A table of rules is taken whole: a rule that it does not name gives no points.
    public init(from decoder: any Decoder) throws {
        let table = try decoder.container(keyedBy: CodingKeys.self)
        certificateProven = try table.decodeIfPresent(Int.self, forKey: .certificateProven) ?? 0
        certificateKeyPresent = try table.decodeIfPresent(Int.self, forKey: .certificateKeyPresent) ?? 0
        certificatePresent = try table.decodeIfPresent(Int.self, forKey: .certificatePresent) ?? 0
        reportFresh = try table.decodeIfPresent(Int.self, forKey: .reportFresh) ?? 0
        serialKnown = try table.decodeIfPresent(Int.self, forKey: .serialKnown) ?? 0
    }
}

extension Policy.Freshness: Decodable {
    private enum CodingKeys: String, CodingKey {
        case fullFor = "full_for"
        case nothingAfter = "nothing_after"
    }

    /// Reads the table; what it leaves out has its standard value.
    public init(from decoder: any Decoder) throws {
        let table = try decoder.container(keyedBy: CodingKeys.self)
        let standard = Policy.standard.freshness
        fullFor = try table.decodeIfPresent(Int64.self, forKey: .fullFor) ?? standard.fullFor
        nothingAfter = try table.decodeIfPresent(Int64.self, forKey: .nothingAfter) ?? standard.nothingAfter
    }
}

extension Policy.Matching: Decodable {
    private enum CodingKeys: String, CodingKey {
        case serialMatch = "serial_match"
        case serialCap = "serial_cap"
    }

    /// Reads the table; what it leaves out has its standard value.
    public init(from decoder: any Decoder) throws {
        let table = try decoder.container(keyedBy: CodingKeys.self)
        let standard = Policy.standard.matching
        serialMatch = try table.decodeIfPresent(Policy.SerialMatch.self, forKey: .serialMatch) ?? standard.serialMatch
        serialCap = try table.decodeIfPresent(Int.self, forKey: .serialCap) ?? standard.serialCap
    }
}

extension Policy.Registration: Decodable {
    private enum CodingKeys: String, CodingKey {
        case byCertificate = "by_certificate"
        case devicesPerCertificate = "devices_per_certificate"
    }

    /// Reads the table; what it leaves out has its standard value.
    public init(from decoder: any Decoder) throws {
        let table = try decoder.container(keyedBy: CodingKeys.self)
        let standard = Policy.standard.registration
        byCertificate = try table.decodeIfPresent(Bool.self, forKey: .byCertificate) ?? standard.byCertificate
        devicesPerCertificate =
            try table.decodeIfPresent(Int.self, forKey: .devicesPerCertificate) ?? standard.devicesPerCertificate
    }
}
