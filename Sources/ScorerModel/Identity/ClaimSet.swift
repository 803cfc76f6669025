package import PostureModel

/// All claims to one identifier, the strongest first.
package struct ClaimSet: Sendable, Equatable {
    /// The most claims to one identifier that are kept: a fleet that is made up cannot make up work.
    package static let limit = 16
    /// The most claims to one certificate's key, each of which took the key.
    package static let keyLimit = 512

    /// The identifier.
    package let identifier: Identifier
    /// The store's mark of what it read; 0 where there were no claims.
    ///
    /// A store refuses a set whose version has moved.
    package let version: Int64
    /// The claims, the strongest first.
    package private(set) var claims: [Claim]
    /// When the newest report of each claiming device was received; a device that has not reported, or has retired, is left out.
    package let lastReports: [DeviceID: Timestamp]

    /// Creates the claims to an identifier.
    package init(
        _ identifier: Identifier,
        version: Int64 = 0,
        claims: [Claim] = [],
        lastReports: [DeviceID: Timestamp] = [:]
    ) {
        self.identifier = identifier
        self.version = version
        self.claims = claims.sorted { $0.comesBefore($1) }
        self.lastReports = lastReports
    }

    /// The device that has the strongest claim.
    package var holder: DeviceID? { claims.first?.device }

    /// The claim of a device.
    package func claim(of device: DeviceID) -> Claim? { claims.first { $0.device == device } }

    /// The claim of a device with those of others; nil if the device has none.
    package func heldClaim(of device: DeviceID) -> DeviceRecord.HeldClaim? {
        guard let own = claim(of: device) else { return nil }
        let rivals = claims.filter { $0.device != device }.map {
            DeviceRecord.Rival(claim: $0, lastReport: lastReports[$0.device])
        }
        return DeviceRecord.HeldClaim(own, rivals: rivals)
    }

    /// Adds a claim, in place of an earlier one of its device.
    package mutating func put(_ claim: Claim) {
        claims = (claims.filter { $0.device != claim.device } + [claim]).sorted { $0.comesBefore($1) }
    }

    /// Removes the claim of a device.
    package mutating func remove(_ device: DeviceID) { claims.removeAll { $0.device == device } }
}
