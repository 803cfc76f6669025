internal import HTTPTypes
internal import Hummingbird
internal import ScorerCore
package import ScorerModel
internal import ScorerStore

/// The inventory on the operators' listener.
struct InventoryRoutes {
    let support: OperatorHandlerSupport

    func add(to group: RouterGroup<OperatorContext>) {
        group.get(use: list).put(use: replace).patch(use: add)
    }

    /// 1000 machines a page, in the order of their serial numbers; `?after=SERIAL` is the next page.
    @Sendable private func list(_ request: Request, _ context: OperatorContext) async throws -> Response {
        struct Page: Encodable { var items: [InventoryItem] }
        let after = request.uri.queryParameters["after"].map(String.init)
        return try .json(Page(items: await support.scorer.store.inventory(after: after, limit: 1000)))
    }

    /// The whole inventory, in the place of what was there.
    @Sendable private func replace(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try await take(request, context, replacing: true)
    }

    /// More of it.
    @Sendable private func add(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try await take(request, context, replacing: false)
    }

    private func take(_ request: Request, _ context: OperatorContext, replacing: Bool) async throws -> Response {
        struct Outcome: Encodable {
            var imported: Int
            var ignored_columns: [String]
        }
        let bytes = try await request.bytes(upTo: InventoryFile.sizeLimit)
        let isCSV = request.headers[.contentType]?.lowercased().hasPrefix("text/csv") == true
        return try await support.answer {
            let file = isCSV ? try InventoryFile(csv: bytes) : try InventoryFile(json: bytes)
            try await support.commands(context).importInventory(file, replacing: replacing)
            return Outcome(imported: file.items.count, ignored_columns: file.ignored)
        }
    }
}

extension InventoryItem: Encodable {
    private enum CodingKeys: String, CodingKey {
        case serial, tag
        case certificateName = "certificate_name"
        case warpID = "warp_id"
    }

    /// Writes an item for operators.
    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(serial, forKey: .serial)
        try object.encodeIfPresent(certificateName, forKey: .certificateName)
        try object.encodeIfPresent(tag, forKey: .tag)
        try object.encodeIfPresent(warpID, forKey: .warpID)
    }
}
