internal import Hummingbird
internal import PostureModel
internal import ScorerCore
internal import ScorerModel
internal import ScorerStore

/// Devices on the operators' listener; `{device}` is an id, or what else ``Operators/resolve(_:)`` takes.
struct DeviceRoutes {
    let desk: OperatorDesk

    func add(to group: RouterGroup<OperatorContext>) {
        group.get(use: list)
            .get(":device", use: show)
            .delete(":device", use: forget)
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
            guard let duration = seconds(ofDuration: String(text)) else {
                throw Problem(.malformed, "'silent_for' is a time such as 90m, 12h, 7d or 2w")
            }
            return desk.scorer.now().adding(seconds: -duration)
        }
        let devices = try await desk.scorer.store.devices(after: after, limit: 100, silentSince: silentSince)
        return try .json(Page(devices: devices))
    }

    /// With its score and verdicts now, once it has reported.
    @Sendable private func show(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try await desk.answer {
            let device = try await desk.operators(context).show(name(context))
            return ScoredDevice(device: device, record: try await desk.scorer.record(of: device.summary.device))
        }
    }

    @Sendable private func forget(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try await desk.answer { try await desk.operators(context).forget(name(context)) }
    }

    @Sendable private func block(_ request: Request, _ context: OperatorContext) async throws -> Response {
        struct Body: Decodable {
            var reason: String
            var key_only: Bool?
        }
        let body = try await desk.body(request, as: Body.self)
        return try await desk.answer {
            try await desk.operators(context).block(
                name(context),
                reason: body.reason,
                keyOnly: body.key_only ?? false
            )
        }
    }

    @Sendable private func unblock(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try await desk.answer { try await desk.operators(context).unblock(name(context)) }
    }

    @Sendable private func waive(_ request: Request, _ context: OperatorContext) async throws -> Response {
        struct Body: Decodable {
            var until: String
            var reason: String
        }
        let body = try await desk.body(request, as: Body.self)
        return try await desk.answer {
            try await desk.operators(context).waive(
                name(context),
                rule: parameter("rule", context),
                until: body.until,
                reason: body.reason
            )
        }
    }

    @Sendable private func revokeWaiver(_ request: Request, _ context: OperatorContext) async throws -> Response {
        try await desk.answer {
            try await desk.operators(context).revokeWaiver(name(context), rule: parameter("rule", context))
        }
    }

    private func name(_ context: OperatorContext) -> String { parameter("device", context) }

    private func parameter(_ name: String, _ context: OperatorContext) -> String {
        context.parameters.get(name).flatMap(percentDecoded) ?? ""
    }
}

/// What operators see of a device: all that is kept of it, and its score once it has reported.
private struct ScoredDevice: Encodable {
    var device: ShownDevice
    var record: DeviceRecord?

    func encode(to encoder: any Encoder) throws {
        try device.encode(to: encoder)
        try record?.encode(to: encoder)
    }
}

/// A part of a path without its percent-encoding (RFC 3986 §2.1); nil where that is wrong.
func percentDecoded(_ text: String) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "%") else {
            bytes.append(byte)
            continue
        }
        let digits = rest.prefix(2)
        guard digits.count == 2, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
        else { return nil }
        bytes.append(value)
        rest.removeFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
}
