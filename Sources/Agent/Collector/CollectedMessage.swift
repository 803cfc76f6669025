@_spi(Signing) package import PostureModel

/// A signed message, and what the scorer is not told.
package struct CollectedMessage: Sendable {
    /// The message: the very bytes that are sent to the scorer.
    package let message: SignedMessage
    /// What no report carries, as the JSON of ``CollectorNotes``; nil where the request was not about what there is to see.
    let notes: [UInt8]?
    /// Why the configuration that was used is not the newest, if it is not.
    package let flaw: String?

    init(message: SignedMessage, notes: [UInt8]?, flaw: String? = nil) {
        (self.message, self.notes, self.flaw) = (message, notes, flaw)
    }

    /// Reads what was seen from the report that is in the message, and from the notes.
    ///
    /// - Returns: nil where the message is no report, or either cannot be read.
    package func sighting() -> Sighting? {
        guard let notes, let notes = try? Wire.decode(CollectorNotes.self, from: notes),
            let payload = try? JWS(parsing: message.bytes).payload,
            let report = try? Wire.decode(Report.self, from: payload)
        else { return nil }
        return Sighting(view: MachineView(report, notes), flaw: flaw)
    }
}

/// What the collector saw and no report carries: for the people at the machine.
struct CollectorNotes: Sendable, Codable {
    /// Where the reported WARP ids come from; nil where there are none.
    let warpIDSource: WARPIDSource?
    /// What the WARP client tells of its ids, or why it does not.
    let warpClient: Observation<[String]>
    /// What an administrator can do where the client does not tell its ids.
    let warpAdvice: String?
    /// What each check came to, in the configuration's order.
    let checks: [CheckSummary]

    private enum CodingKeys: String, CodingKey {
        case checks
        case warpIDSource = "warp_ids_from"
        case warpClient = "warp_client"
        case warpAdvice = "warp_advice"
    }

    /// Takes from a view what a report of the same moment lacks; without serial numbers, which certificates are named after.
    init(_ view: MachineView) {
        let view = view.withoutSerials()
        (warpIDSource, warpClient, warpAdvice) = (view.warpIDSource, view.warpClient, view.warpAdvice)
        checks = view.checks
    }
}
