internal import PostureModel
package import Scoring

/// The answer to Cloudflare: a score for every device it asked about.
package struct CloudflareAnswer: Encodable {
    package var result: [String: Entry]

    /// An answer that says why beside each id, where the configuration has `reason_codes`.
    package init(result: [String: Entry], withReasonCodes: Bool = false) {
        self.result = result
        guard withReasonCodes else { return }
        for (device, entry) in result {
            guard let reason = entry.reason else { continue }
            self.result[device]?.s2sID += ":\(reason.rawValue)"
        }
    }

    package struct Entry: Encodable, Equatable {
        /// Our id of the device; empty if we know none.
        var s2sID: String
        /// 0 to 100.
        package var score: Int
        /// Why the score is what it is, where there is one main reason.
        package var reason: ReasonCode?

        private enum CodingKeys: String, CodingKey {
            case s2sID = "s2s_id"
            case score
        }
    }
}
