internal import DeviceIdentity
internal import PostureModel
internal import ScorerCore
internal import ScorerModel

/// The metrics in Prometheus' text format, version 0.0.4.
///
/// - SeeAlso: <https://prometheus.io/docs/instrumenting/exposition_formats/>
enum Metrics {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// The text; without the fleet, where the database does not answer, everything else.
    ///
    /// Every counter is there from the start on, so that its first increase is seen as one.
    static func text(
        _ counts: RequestCounters.Counts,
        fleet: FleetCounts?,
        identities: IdentityCounts? = nil,
        overdueCRLs: Int? = nil,
        pendingChanges: Int = 0
    ) -> String {
        var text = Text()
        text.add("build_info", "gauge", "The version that runs.", [("version", Version.text, 1)])
        text.add("database_up", "gauge", "Whether the database answers.", [(nil, "", fleet == nil ? 0 : 1)])
        if let fleet {
            text.add(
                "devices",
                "gauge",
                "Registered devices, by the age of their newest report; those that have retired apart.",
                [
                    ("reported", "within_hour", fleet.withinHour), ("reported", "within_day", fleet.withinDay),
                    ("reported", "earlier", fleet.earlier), ("reported", "never", fleet.never),
                    ("reported", "retired", fleet.retired),
                ]
            )
        }
        if let newest = fleet?.newest {
            let seconds = Int(newest.seconds)
            text.add("last_report_timestamp_seconds", "gauge", "When the newest report came.", [(nil, "", seconds)])
        }
        for (request, name, help) in [
            (
                RequestCounters.Request.report, "reports_total",
                "Reports, by what became of them: ok, or the problem's type."
            ),
            (.registration, "registrations_total", "Registrations, likewise; a device that is known is ok."),
            (.cloudflare, "cloudflare_requests_total", "Requests of Cloudflare's, likewise."),
        ] {
            let outcomes = [nil] + Problem.Kind.allCases.map(Optional.some)
            let samples = outcomes.map { outcome in
                ("outcome", outcome?.rawValue ?? "ok", counts.requests[.init(request: request, outcome: outcome)] ?? 0)
            }
            text.add(name, "counter", help, samples)
        }
        text.add(
            "cloudflare_devices_total",
            "counter",
            "Rows that Cloudflare asked about, by what linked them to a device.",
            RequestCounters.Match.allCases.map { ("match", $0.rawValue, counts.matches[$0] ?? 0) }
        )
        text.add(
            "identifier_conflicts_total",
            "counter",
            "Reports that claim an identifier of another device, by whether the claim was refused or took it over.",
            RequestCounters.Conflict.allCases.map { ("outcome", $0.rawValue, counts.conflicts[$0] ?? 0) }
        )
        text.add(
            "identity_notices_total",
            "counter",
            "Clone alarms, lending alarms and other notices of devices' identities, by kind.",
            IdentityNotice.Kind.allCases.map { ("kind", $0.rawValue, counts.notices[$0] ?? 0) }
        )
        text.add(
            "pending_changes",
            "gauge",
            "Changes that wait for an operator's approval.",
            [(nil, "", pendingChanges)]
        )
        if let overdueCRLs {
            text.add("overdue_crls", "gauge", "CRLs of the checks that are out of date.", [(nil, "", overdueCRLs)])
        }
        if let identities { add(identities, to: &text) }
        return text.lines.joined(separator: "\n") + "\n"
    }

    private static func add(_ identities: IdentityCounts, to text: inout Text) {
        let links = identities.links
        text.add(
            "uncleared_notices",
            "gauge",
            "Notices of devices' identities that no operator has cleared, by kind.",
            IdentityNotice.Kind.allCases.map { ("kind", $0.rawValue, identities.notices[$0] ?? 0) }
        )
        text.add(
            "identifier_conflicts",
            "gauge",
            "Identifiers that several devices claim, by kind.",
            Identifier.Kind.allCases.map { ("kind", $0.rawValue, identities.conflicts[$0] ?? 0) }
        )
        text.add(
            "linked_rows",
            "gauge",
            "Rows that Cloudflare asked about within a day and that get a device's score, by the link and its strength.",
            LinkCounts.Link.all.map { link in
                ("link=\"\(link.kind.rawValue)\",strength=\"\(link.strength.rawValue)\"", links.rows[link] ?? 0)
            }
        )
        text.add(
            "unmatched_rows",
            "gauge",
            "Rows that Cloudflare asked about last without a match.",
            [(nil, "", identities.unmatched)]
        )
        text.add(
            "devices_by_warp_ids",
            "gauge",
            "Devices by what their newest report says of their WARP ids.",
            WARPReading.allCases.map { ("warp_ids", $0.rawValue, links.readings[$0] ?? 0) }
        )
    }

    private struct Text {
        var lines: [String] = []

        /// Nothing here needs escaping: names and labels are the program's own.
        mutating func add(
            _ name: String,
            _ type: String,
            _ help: String,
            _ samples: [(label: String?, value: String, number: Int)]
        ) {
            add(
                name,
                type,
                help,
                samples.map { sample in (sample.label.map { "\($0)=\"\(sample.value)\"" } ?? "", sample.number) }
            )
        }

        /// Adds samples with their labels as they are written; blank for none.
        mutating func add(_ name: String, _ type: String, _ help: String, _ samples: [(labels: String, number: Int)]) {
            let name = "posture_scorer_\(name)"
            lines += ["# HELP \(name) \(help)", "# TYPE \(name) \(type)"]
            lines += samples.map { labels, number in "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(number)" }
        }
    }
}
