internal import PostureModel

/// The WARP ids that a machine reports, and where they come from.
struct KnownWARPIDs: Sendable, Equatable {
    /// What is reported.
    var ids: Observation<WARPIDs>
    /// Where the ids come from, beside the configuration's; nil where there are none.
    var source: WARPIDSource?

    /// Decides what to report of the ids.
    ///
    /// - Parameters:
    ///   - told: What the WARP client tells.
    ///   - certificates: The ids that WARP's own certificates have, where the client is there and does not tell.
    ///   - configured: The ids of the configuration.
    ///   - remembered: What the client told last.
    ///   - now: The machine's clock.
    init(
        told: Observation<[String]>,
        certificates: [String] = [],
        configured: [String],
        remembered: WARPIDs?,
        at now: Timestamp
    ) {
        func observed(_ ids: [String], _ source: WARPIDSource, readAt: Timestamp) -> KnownWARPIDs {
            KnownWARPIDs(
                ids: .observed(WARPIDs(ids: WARPIdentity.merged(ids, configured), readAt: readAt)),
                source: source
            )
        }
        self =
            switch told {
            case .observed(let ids): observed(ids, .client, readAt: now)
            case .unreadable where !certificates.isEmpty: observed(certificates, .certificate, readAt: now)
            case .unreadable(let reason):
                if let remembered, remembered.mayBeRepeated(at: now) {
                    observed(remembered.ids, .memory, readAt: remembered.readAt)
                } else if !configured.isEmpty {
                    observed([], .configuration, readAt: now)
                } else {
                    KnownWARPIDs(ids: .unreadable(reason: reason), source: nil)
                }
            case _ where !configured.isEmpty: observed([], .configuration, readAt: now)
            case .notApplicable(let reason): KnownWARPIDs(ids: .notApplicable(reason: reason), source: nil)
            case .notReported: KnownWARPIDs(ids: .notReported, source: nil)
            }
    }

    private init(ids: Observation<WARPIDs>, source: WARPIDSource?) { (self.ids, self.source) = (ids, source) }
}

/// Where reported WARP ids come from.
package enum WARPIDSource: String, Sendable, Codable {
    /// The WARP client told them now.
    case client
    /// WARP's own certificates have them.
    case certificate
    /// The client told them earlier, and does not tell them now.
    case memory
    /// The configuration has them.
    case configuration
}
