internal import Hummingbird
internal import PostureModel
internal import ScorerCore
internal import ScorerModel
internal import ScorerStore

/// What is not sure, on the operators' listener: contested identifiers, clones, strangers, and changes that are held.
struct DoubtRoutes {
    let desk: OperatorDesk
    /// The most of each that are listed.
    private let limit = 1000

    func add(to group: RouterGroup<OperatorContext>) {
        group.get("contested", use: contested)
            .get("clones", use: clones)
            .get("strangers", use: strangers)
            .get("held", use: held)
            .post("held/confirm", use: confirm)
            .post("devices/:device/resolve", use: resolve)
            .post("devices/:device/unflag", use: unflag)
    }

    @Sendable private func contested(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try .json(["contested": await desk.scorer.store.contested(limit: limit).map(ShownContest.init)])
    }

    @Sendable private func clones(_ request: Request, _ context: OperatorContext) async throws -> Response {
        var devices: [DeviceSummary] = []
        for id in try await desk.scorer.store.clones(limit: limit) {
            if let device = try await desk.scorer.store.device(id) { devices.append(device) }
        }
        return try .json(["devices": devices])
    }

    @Sendable private func strangers(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try .json(["strangers": await desk.scorer.store.strangers(limit: limit)])
    }

    @Sendable private func held(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try await desk.answer { ["held": try await desk.operators(context).held()] }
    }

    /// It takes effect at once in this process, and in others within a minute.
    @Sendable private func confirm(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try await desk.answer {
            let confirmed = try await desk.operators(context).confirmHeld()
            try await desk.scorer.considerHeld()
            return ["confirmed": confirmed]
        }
    }

    @Sendable private func resolve(_ request: Request, _ context: OperatorContext) async throws -> Response {
        struct Body: Decodable { var force: Bool? }
        let bytes = try await request.bytes(upTo: 1024)
        let body: Body?
        do { body = bytes.isEmpty ? nil : try Wire.decode(from: bytes) } catch {
            throw Problem(.malformed, "the body \(error)")
        }
        return try await desk.answer {
            let (device, bound) = try await desk.operators(context).settle(name(context), force: body?.force == true)
            return ShownResolution(device: device.device, bound: bound.map(ShownIdentifier.init))
        }
    }

    @Sendable private func unflag(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try await desk.answer { try await desk.operators(context).unflag(name(context)) }
    }

    private func name(_ context: OperatorContext) -> String {
        context.parameters.get("device").flatMap(percentDecoded) ?? ""
    }
}

private struct ShownIdentifier: Encodable {
    var kind: Identifier.Kind
    var value: String

    init(_ identifier: Identifier) { (kind, value) = (identifier.kind, identifier.value.printable()) }
}

private struct ShownContest: Encodable {
    var identifier: ShownIdentifier
    var claimants: [Claimant]

    struct Claimant: Encodable {
        var device: DeviceID
        var claim: String
        var since: Timestamp
    }

    init(_ contest: Contest) {
        identifier = ShownIdentifier(contest.identifier)
        claimants = contest.claimants.map { Claimant(device: $0.device, claim: "\($0.rank)", since: $0.since) }
    }
}

private struct ShownResolution: Encodable {
    var device: DeviceID
    var bound: [ShownIdentifier]
}
