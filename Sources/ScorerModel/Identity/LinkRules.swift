/// The knobs of the laws of identity, as the policy and the configuration set them.
package struct LinkRules: Sendable, Equatable {
    /// What a link by WARP id needs.
    package var warpMatch: WARPMatch
    /// What a link by serial number needs.
    package var serialMatch: SerialMatch
    /// MAC addresses and host names that never agree, besides those that are built in.
    package var shared: SharedValues
    /// How many devices may hold one certificate's key.
    package var devicesPerCertificate: Int
    /// Seconds from one posture query of Cloudflare's to the next.
    package var pollingInterval: Int64

    /// What a link by a WARP id needs that nobody but the device vouches for.
    package enum WARPMatch: String, Sendable, Codable {
        /// The row agrees in something with the newest report.
        case agreeing
        /// It never counts: a certificate carries the id, the inventory expects it, or an operator assigned it.
        case carried
        /// Nothing, as long as the row contradicts nothing.
        case reported
    }

    /// What a link by serial number needs, where the agent cannot tell the WARP ids.
    package enum SerialMatch: String, Sendable, Codable {
        /// The row's virtual IPv4 agrees.
        case corroborated
        /// The row's virtual IPv4, MAC or host name agrees.
        case trusting
        /// It never counts.
        case never
    }

    /// Creates rules.
    package init(
        warpMatch: WARPMatch = .agreeing,
        serialMatch: SerialMatch = .corroborated,
        shared: SharedValues = SharedValues(),
        devicesPerCertificate: Int = 1,
        pollingInterval: Int64 = 3600
    ) {
        (self.warpMatch, self.serialMatch, self.shared) = (warpMatch, serialMatch, shared)
        (self.devicesPerCertificate, self.pollingInterval) = (devicesPerCertificate, pollingInterval)
    }
}
