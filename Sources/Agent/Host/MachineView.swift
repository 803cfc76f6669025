internal import Collectors
package import PostureModel

/// What was seen on the machine at one moment, for the people at it.
package struct MachineView: Sendable, Equatable, Codable {
    /// When it was collected, by the machine's own clock.
    package let collectedAt: Timestamp
    /// The facts.
    package private(set) var facts: Facts
    /// The ids of the machine's WARP client, and when they were read.
    package let warpIDs: Observation<WARPIDs>
    /// Where the ids come from; nil where there are none.
    package let warpIDSource: WARPIDSource?
    /// What the client tells of its ids, or why it does not.
    package let warpClient: Observation<[String]>
    /// What an administrator can do where the client does not tell its ids.
    package let warpAdvice: String?
    /// What each check came to, in the configuration's order.
    package private(set) var checks: [CheckSummary]

    private enum CodingKeys: String, CodingKey {
        case facts, checks
        case collectedAt = "collected_at"
        case warpIDs = "warp_ids"
        case warpIDSource = "warp_ids_from"
        case warpClient = "warp_client"
        case warpAdvice = "warp_advice"
    }

    /// More candidates of one check would bury its sentence, and make the view as long as somebody likes.
    private static let candidateLimit = 20

    /// Shows what was collected at a moment.
    init(_ collected: CollectedFacts, at collectedAt: Timestamp) {
        self.collectedAt = collectedAt
        (facts, warpIDs, warpIDSource) = (collected.facts, collected.warp.ids, collected.warp.source)
        (warpClient, warpAdvice) = (collected.warpClient.ids, collected.warpClient.advice)
        checks = collected.checks.map { result in
            var summary = CheckSummary(result)
            summary.candidates = Array(summary.candidates.prefix(Self.candidateLimit))
            return summary
        }
    }

    /// Shows what a report says, and what was noted beside it.
    init(_ report: Report, _ notes: CollectorNotes) {
        (collectedAt, facts, warpIDs) = (report.collectedAt, report.facts, report.warpIDs)
        (warpIDSource, warpClient, warpAdvice) = (notes.warpIDSource, notes.warpClient, notes.warpAdvice)
        checks = notes.checks
    }

    /// The serial numbers in it that are none of everybody's business.
    package var serials: [String] {
        [facts.serials.product, facts.serials.board, facts.serials.chassis].compactMap(\.value)
            .filter { $0.junkReason == nil }.map(\.value)
            // One may be a part of another.
            .sorted { $0.utf8.count > $1.utf8.count }
    }

    /// The view for any user of the machine: without its serial numbers, also where a certificate's name has one.
    package func withoutSerials() -> MachineView {
        var view = self
        let hide = { [serials] (text: String) in text.hiding(serials) }
        view.facts.serials = facts.serials.hidden
        view.facts.kernelHostname = facts.kernelHostname.map(hide)
        view.facts.staticHostname = facts.staticHostname.map(hide)
        for index in view.checks.indices {
            view.checks[index].reason = hide(view.checks[index].reason)
            view.checks[index].warnings = view.checks[index].warnings.map(hide)
            for candidate in view.checks[index].candidates.indices {
                view.checks[index].candidates[candidate].hideNames(hide)
            }
        }
        return view
    }
}
