internal import Hummingbird
internal import PostureModel
internal import ScorerCore
internal import ScorerModel
internal import ScorerStore

/// Devices on the operators' listener; `{device}` is an id, or what else ``OperatorCommands/findDevice(_:)`` takes.
struct DeviceRoutes {
    let support: OperatorHandlerSupport

    func add(to group: RouterGroup<OperatorContext>) {
        group.get(use: list)
            .get(":device", use: show)
            .delete(":device", use: delete)
            .put(":device/block", use: block)
            .delete(":device/block", use: unblock)
            .put(":device/waivers/:rule", use: waive)
            .delete(":device/waivers/:rule", use: revokeWaiver)
    }

    /// 100 devices a page, in the order of their ids; `?after=ID` is the next page, and `?silent_for=7d` leaves out those
    /// that reported within that time.
    @Sendable private func list(_ request: Request, _ context: OperatorContext) async throws -> Response {
        struct Page: Encodable { var devices: [DeviceSummary] }
        let parameters = request.uri.queryParameters
        let after = try parameters["after"].map { text in
            guard let device = DeviceID(rawValue: String(text)) else {
                throw Problem(.malformed, "'after' is no device's id")
            }
            return device
        }
        let silentSince = try parameters["silent_for"].map { text in
            guard let silence = TimeSpan(String(text)) else {
                throw Problem(.malformed, "'silent_for' is a time such as \(TimeSpan.examples)")
            }
            return support.scorer.now().adding(seconds: -silence.seconds)
        }
        let devices = try await support.scorer.store.devices(after: after, limit: 100, silentSince: silentSince)
        return try .json(Page(devices: devices))
    }

    /// With its score and verdicts now, once it has reported.
    @Sendable private func show(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try await support.answer {
            let device = try await support.commands(context).show(support.device(context))
            return DeviceAnswer(
                device: device,
                record: try await support.scorer.devices.scoredDevice(device.summary.device, at: support.scorer.now())
            )
        }
    }

    @Sendable private func delete(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try await support.answer { try await support.commands(context).delete(support.device(context)) }
    }

    @Sendable private func block(_ request: Request, _ context: OperatorContext) async throws -> Response {
        struct Body: Decodable {
            var reason: String
            var key_only: Bool?
        }
        let body = try await support.body(request, as: Body.self)
        return try await support.answer {
            try await support.commands(context).block(
                support.device(context),
                reason: body.reason,
                by: body.key_only == true ? nil : support.scorer.devices
            )
        }
    }

    @Sendable private func unblock(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try await support.answer { try await support.commands(context).unblock(support.device(context)) }
    }

    @Sendable private func waive(_ request: Request, _ context: OperatorContext) async throws -> Response {
        struct Body: Decodable {
            var until: String
            var reason: String
        }
        let body = try await support.body(request, as: Body.self)
        return try await support.answer {
            try await support.commands(context).waive(
                support.device(context),
                rule: support.parameter("rule", context),
                until: body.until,
                reason: body.reason
            )
        }
    }

    @Sendable private func revokeWaiver(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try await support.answer {
            try await support.commands(context).revokeWaiver(
                support.device(context),
                rule: support.parameter("rule", context)
            )
        }
    }
}

/// Everything that is kept of a device, and its score once it has reported.
private struct DeviceAnswer: Encodable {
    var device: ShownDevice
    var record: ScoredDevice?

    func encode(to encoder: any Encoder) throws {
        try device.encode(to: encoder)
        try record?.encode(to: encoder)
    }
}
