internal import Hummingbird
internal import PostureModel
internal import ScorerCore
internal import ScorerModel
internal import ScorerStore

/// Identifier conflicts on the operators' listener.
struct ConflictRoutes {
    let support: OperatorHandlerSupport
    /// The most conflicts that are listed.
    private let limit = 1000

    func add(to group: RouterGroup<OperatorContext>) {
        group.get("conflicts", use: list)
            .post("devices/:device/resolve-conflicts", use: resolve)
    }

    @Sendable private func list(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try .json(["conflicts": await support.scorer.store.conflicts(limit: limit).map(ShownConflict.init)])
    }

    @Sendable private func resolve(_ request: Request, _ context: OperatorContext) async throws -> Response {
        struct Body: Decodable { var force: Bool? }
        let bytes = try await request.bytes(upTo: 1024)
        let body: Body?
        do { body = bytes.isEmpty ? nil : try Wire.decode(from: bytes) } catch {
            throw Problem(.malformed, "the body \(error)")
        }
        return try await support.answer {
            let (device, identifiers) = try await support.commands(context).assignClaims(
                support.device(context),
                force: body?.force == true
            )
            return ShownResolution(device: device.device, identifiers: identifiers.map(ShownIdentifier.init))
        }
    }
}

private struct ShownIdentifier: Encodable {
    var kind: Identifier.Kind
    var value: String

    init(_ identifier: Identifier) { (kind, value) = (identifier.kind, identifier.value.printable()) }
}

private struct ShownConflict: Encodable {
    var identifier: ShownIdentifier
    var claimants: [Claimant]

    struct Claimant: Encodable {
        var device: DeviceID
        var claim: String
        var since: Timestamp
    }

    init(_ conflict: ClaimSet) {
        identifier = ShownIdentifier(conflict.identifier)
        claimants = conflict.claims.map { Claimant(device: $0.device, claim: "\($0.strength)", since: $0.since) }
    }
}

private struct ShownResolution: Encodable {
    var device: DeviceID
    var identifiers: [ShownIdentifier]
}
