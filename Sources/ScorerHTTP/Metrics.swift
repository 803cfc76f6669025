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
    static func text(_ counts: RequestCounters.Counts, fleet: FleetCounts?, pendingChanges: Int = 0) -> String {
        var text = Text()
        text.add("build_info", "gauge", "The version that runs.", [("version", Version.text, 1)])
        text.add("database_up", "gauge", "Whether the database answers.", [(nil, "", fleet == nil ? 0 : 1)])
        if let fleet {
            text.add(
                "devices",
                "gauge",
                "Registered devices, by the age of their newest report.",
                [
                    ("reported", "within_hour", fleet.withinHour), ("reported", "within_day", fleet.withinDay),
                    ("reported", "earlier", fleet.earlier), ("reported", "never", fleet.never),
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
            "Devices that Cloudflare asked about, by what they were known by.",
            RequestCounters.Match.allCases.map { ("match", $0.rawValue, counts.matches[$0] ?? 0) }
        )
        text.add(
            "identifier_conflicts_total",
            "counter",
            "Reports that claim an identifier of another device, by whether the claim was refused or took it over.",
            RequestCounters.Conflict.allCases.map { ("outcome", $0.rawValue, counts.conflicts[$0] ?? 0) }
        )
        text.add(
            "clone_alarms_total",
            "counter",
            "Reports that raised a clone alarm: two machines use one device key.",
            [(nil, "", counts.cloneAlarms)]
        )
        text.add(
            "pending_changes",
            "gauge",
            "Changes that wait for an operator's approval.",
            [(nil, "", pendingChanges)]
        )
        return text.lines.joined(separator: "\n") + "\n"
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
            let name = "posture_scorer_\(name)"
            lines += ["# HELP \(name) \(help)", "# TYPE \(name) \(type)"]
            lines += samples.map { label, value, number in
                "\(name)\(label.map { "{\($0)=\"\(value)\"}" } ?? "") \(number)"
            }
        }
    }
}
