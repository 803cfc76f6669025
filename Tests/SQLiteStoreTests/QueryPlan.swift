/// What is wrong with a line of a query plan, in a database whose tables may have a million rows.
enum QueryPlan {
    /// Tables that stay small.
    private static let small = [
        "nonce_key", "trusted_ca", "setting", "outage", "revocation_list", "sqlite_master", "grdb_migrations",
    ]
    /// Walks that end early or are through a few rows, as SQLite writes them.
    private static let bounded = [
        "SEARCH identity_notice USING COVERING INDEX identity_notice_by_time (kind=?)",
        "SCAN unmatched_device USING INDEX unmatched_device_by_time",
        "SCAN unmatched_device USING COVERING INDEX unmatched_device_by_time",
    ]

    /// Why a line is too much; nil if it is not.
    static func flaw(of text: String) -> String? {
        let line = text.replacing(" LEFT-JOIN", with: "")
        guard !bounded.contains(line) else { return nil }
        if line.hasPrefix("SCAN") {
            let table = line.split(separator: " ").dropFirst().first.map(String.init) ?? ""
            // A list that the statement was given.
            let isList = line.contains("VIRTUAL TABLE") || table == "CONSTANT"
            return isList || small.contains(table) ? nil : "walks through a table"
        }
        guard line.hasPrefix("SEARCH"), !line.contains("VIRTUAL TABLE") else { return nil }
        guard let open = line.lastIndex(of: "("), line.hasSuffix(")") else { return "has no key" }
        let terms = line[line.index(after: open)...].dropLast().split(separator: " AND ")
        let keys = terms.filter { $0.hasSuffix("=?") }.map { $0.dropLast(2) }
        return keys.isEmpty || keys == ["kind"] || keys == ["origin"] ? "is by nothing that is one device's" : nil
    }
}
