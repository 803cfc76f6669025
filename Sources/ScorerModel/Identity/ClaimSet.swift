package import PostureModel

/// All claims to one identifier, the strongest first.
package struct ClaimSet: Sendable, Equatable {
    /// The most claims to one identifier that are kept: a fleet that is made up cannot make up work.
    package static let limit = 16

    /// The identifier.
    package let identifier: Identifier
    /// The store's mark of what it read; 0 where there were no claims.
    ///
    /// A store refuses a set whose version has moved.
    package let version: Int64
    /// The claims, the strongest first.
    package private(set) var claims: [Claim]

    package init(_ identifier: Identifier, version: Int64 = 0, claims: [Claim] = []) {
        self.identifier = identifier
        self.version = version
        self.claims = claims.sorted { $0.comesBefore($1) }
    }

    /// The device that has the strongest claim that counts.
    package var holder: DeviceID? { claims.first { $0.strength > .contradicted }?.device }

    /// The claim of a device.
    package func claim(of device: DeviceID) -> Claim? { claims.first { $0.device == device } }

    /// Adds a claim, in place of an earlier one of its device.
    package mutating func put(_ claim: Claim) {
        claims = (claims.filter { $0.device != claim.device } + [claim]).sorted { $0.comesBefore($1) }
    }

    /// Removes the claim of a device.
    package mutating func remove(_ device: DeviceID) { claims.removeAll { $0.device == device } }
}
