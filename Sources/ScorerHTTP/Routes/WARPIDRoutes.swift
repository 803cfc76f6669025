internal import HTTPTypes
internal import Hummingbird
internal import PostureModel
internal import ScorerCore

/// The import of WARP ids on the operators' listener.
struct WARPIDRoutes {
    let support: OperatorHandlerSupport
    /// The most lines that the answer lists.
    private let limit = 1000

    func add(to group: RouterGroup<OperatorContext>) { group.patch("warp-ids", use: add) }

    /// Assigns the ids of a list in CSV or JSON; with `?dry_run=true` it says what would happen, and with
    /// `?trust_reported=true` it assigns also to devices that prove no certificate.
    @Sendable private func add(_ request: Request, _ context: OperatorContext) async throws -> Response {
        let bytes = try await request.bytes(upTo: InventoryFile.sizeLimit)
        let isCSV = request.headers[.contentType]?.lowercased().hasPrefix("text/csv") == true
        let isDryRun = request.uri.queryParameters["dry_run"] == "true"
        let trustsReported = request.uri.queryParameters["trust_reported"] == "true"
        return try await support.answer {
            let file = isCSV ? try WARPIDFile(csv: bytes) : try WARPIDFile(json: bytes)
            let outcome = try await support.commands(context).importWARPIDs(
                file,
                isDryRun: isDryRun,
                trustsReported: trustsReported
            )
            return Outcome(outcome, limit: limit)
        }
    }

    private struct Outcome: Encodable {
        var dry_run: Bool
        var assigned: Int
        var unchanged: Int
        var not_assigned: Int
        var skipped: [WARPIDImport.Skipped]

        init(_ outcome: WARPIDImport, limit: Int) {
            (dry_run, assigned, unchanged) = (outcome.isDryRun, outcome.assigned, outcome.unchanged)
            not_assigned = outcome.skipped.count
            skipped = Array(outcome.skipped.prefix(limit))
        }
    }
}
