internal import PostureModel
internal import ScorerCore
internal import ScorerModel

/// The state of the fleet for people, in aligned lines.
struct StatusText {
    private let report: StatusReport
    private let now: Timestamp

    /// Describes a report at a moment.
    init(_ report: StatusReport, at now: Timestamp) { (self.report, self.now) = (report, now) }

    /// All lines; the advice, where there is any, comes last.
    var text: String {
        let sections = [
            Section("devices", deviceLines), Section("rows of Cloudflare's", rowLines),
            Section("WARP ids", readingLines), Section("conflicts", conflictLines), Section("notices", noticeLines),
            Section("CRLs that are overdue", report.overdueCRLs.map { ($0.issuer, "since \($0.due)") }),
            Section("pending changes", report.pendingChanges.map { ($0.subject.rawValue, $0.phrase) }),
        ]
        let width = sections.flatMap(\.lines).map(\.name.count).max() ?? 0
        return (sections.flatMap { $0.text(width) } + advice.map { "-> \($0)" }).joined(separator: "\n")
    }

    private var deviceLines: [(String, String)] {
        let devices = report.devices
        guard devices.devices + devices.retired > 0 else { return [] }
        let age = devices.newest.map { "; the newest \(TimeSpan(seconds: max(0, now.seconds(since: $0)))) ago" } ?? ""
        return [
            ("reported in the last hour", "\(devices.withinHour)\(age)"),
            ("in the last day", "\(devices.withinDay)"), ("earlier", "\(devices.earlier)"),
            ("never", "\(devices.never)"), ("retired", "\(devices.retired)"),
        ]
    }

    private var rowLines: [(String, String)] {
        let (links, unmatched) = (report.identities.links, report.identities.unmatched)
        let linked = LinkCounts.Link.all.compactMap { link in links.rows[link].map { (link.words, "\($0)") } }
        let agreeing = AgreeingField.allCases.compactMap { field in
            links.agreeing[field].map { ("\(field.words) agrees", "\($0)") }
        }
        let nothing = links.agreeingInNothing > 0 ? [("nothing agrees", "\(links.agreeingInNothing)")] : []
        let none = unmatched > 0 ? [("unmatched", "\(unmatched): posture-scorer unmatched list")] : []
        return linked + agreeing + nothing + none
    }

    private var readingLines: [(String, String)] {
        WARPReading.allCases.compactMap { reading in
            report.identities.links.readings[reading].map { (reading.words, "\($0)") }
        }
    }

    private var conflictLines: [(String, String)] {
        Identifier.Kind.allCases.compactMap { kind in
            report.identities.conflicts[kind].map { ("\(kind.words)s that several devices claim", "\($0)") }
        }
    }

    private var noticeLines: [(String, String)] {
        IdentityNotice.Kind.allCases.compactMap { kind in
            report.identities.notices[kind].map { (kind.words, "\($0)") }
        }
    }

    private var advice: [String] {
        let (cannotTell, unlinked) = (report.identities.cannotTell, report.identities.links.cannotTellAndUnlinked)
        var advice: [String] = []
        if cannotTell > 0 {
            let devices =
                cannotTell == 1
                ? "1 device cannot tell its WARP ids"
                : "\(cannotTell) devices cannot tell their WARP ids, and \(unlinked) of them get no row"
            advice.append(
                "\(devices): run 'postured doctor' on one of them; or import the ids: posture-scorer warp-ids import FILE"
            )
        }
        let noClient = report.identities.links.readings[.noClient] ?? 0
        if noClient > 0, report.identities.unmatched > 0 {
            advice.append(
                "\(noClient) of the devices say that they have no WARP client: if they have one, run 'postured doctor' there"
            )
        }
        if !report.identities.conflicts.isEmpty || !report.identities.notices.isEmpty {
            advice.append("conflicts or notices: posture-scorer conflicts list says which devices, and what to do")
        }
        if !report.overdueCRLs.isEmpty { advice.append("overdue CRLs: provide newer ones before their grace ends") }
        if !report.pendingChanges.isEmpty { advice.append("pending changes: posture-scorer changes list") }
        return advice
    }

    /// A heading with lines of a name and a value.
    private struct Section {
        let heading: String
        let lines: [(name: String, value: String)]

        init(_ heading: String, _ lines: [(String, String)]) {
            self.heading = heading
            self.lines = lines.map { (name: $0, value: $1) }
        }

        func text(_ width: Int) -> [String] {
            guard !lines.isEmpty else { return ["\(heading): none"] }
            return [heading]
                + lines.map { name, value in
                    "  \(name)\(String(repeating: " ", count: width - name.count))  \(value)"
                }
        }
    }
}

extension PendingChange {
    fileprivate var phrase: String {
        "\(impact.failing) of the \(impact.passing) devices that pass would fail; since \(since)"
    }
}
