/// The main reason for a score, in a word, for Cloudflare's posture logs.
///
/// Appended to `s2s_id` where the configuration says so: `<id>:stale`, or `:unknown` where there is no id. These words
/// are documented in scorer.toml(5): administrators search their logs for them.
package enum ReasonCode: String, Sendable, CaseIterable {
    /// No device is known by what Cloudflare sent.
    case unknown
    /// A device is known by a part of what Cloudflare sent, and the rest contradicts it.
    case contradiction
    /// A device reports the WARP id, and nothing else of what Cloudflare sent agrees.
    case nothingAgrees = "nothing-agrees"
    /// The device's newest report read another WARP id.
    case otherWARPID = "other-warp-id"
    /// The device's newest report says that it has no WARP client.
    case noWARPClient = "no-warp-client"
    /// The device cannot tell its WARP ids, and the rest of what Cloudflare sent is not enough.
    case warpUnreadable = "warp-ids-unreadable"
    /// The device's score is given to another row.
    case lending
    /// The device has given up its keys and identifiers.
    case retired
    /// The device's identity is used by two machines.
    case clone
    /// The newest report is old, or there is none.
    case stale
    /// An operator has blocked it.
    case blocked
    /// A certificate is missing, not valid or not proven.
    case certificate
    /// A rule of the policy fails.
    case policy
}

extension Evaluation {
    /// The main reason for a score that is not full; nil for a full one.
    package var reasonCode: ReasonCode? {
        switch cap {
        case .disqualified(.blocked): return .blocked
        case .disqualified(.retired): return .retired
        case .disqualified(.cloneAlarm): return .clone
        case .stale: return .stale
        case .future, .gate, nil: break
        }
        guard let rule = failing.first else { return cap == .future ? .stale : nil }
        switch rule {
        case .certificateProven, .certificateKeyPresent, .certificatePresent: return .certificate
        case .reportFresh: return .stale
        default: return .policy
        }
    }
}
