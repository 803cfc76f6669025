package import PostureModel
package import ScorerModel
internal import ScorerStore
internal import Scoring

/// An identifier that a device claims, with the device that holds it.
package struct HeldIdentifier: Sendable, Equatable, Encodable {
    /// The claim of another device.
    package struct Rival: Sendable, Equatable, Encodable {
        /// The other device.
        package let device: DeviceID
        /// How well its claim is founded.
        package let claim: ClaimStrength
        /// Since when it is.
        package let since: Timestamp
        /// When the other device reported last; nil if it never did.
        package let lastReport: Timestamp?

        private enum CodingKeys: String, CodingKey {
            case device, claim, since
            case lastReport = "last_report"
        }
    }

    /// The identifier.
    package let identifier: Identifier
    /// How well the device's claim is founded.
    package let claim: ClaimStrength
    /// Since when it is.
    package let since: Timestamp
    /// The devices that hold it: the device itself, or others.
    ///
    /// Several may hold one certificate's key.
    package let holders: [DeviceID]
    /// Whether the newest report carries or proves it.
    package let isReported: Bool
    /// The claims of others, the strongest first.
    package let rivals: [Rival]

    private enum CodingKeys: String, CodingKey {
        case identifier, claim, since, holders, rivals
        case isReported = "reported"
    }

    /// Describes a claim of a device.
    ///
    /// - Parameters:
    ///   - held: The claim.
    ///   - record: The device's record.
    ///   - limit: How many devices may hold one certificate's key.
    ///   - liveness: The ages of reports now.
    init(_ held: DeviceRecord.HeldClaim, of record: DeviceRecord, limit: Int, _ liveness: Liveness) {
        let identifier = held.claim.identifier
        self.identifier = identifier
        claim = held.claim.strength
        since = held.claim.since
        rivals = held.rivals.map { rival in
            Rival(
                device: rival.claim.device,
                claim: rival.claim.strength,
                since: rival.claim.since,
                lastReport: rival.lastReport
            )
        }
        switch identifier.kind {
        case .warp, .serial:
            holders = [held.holder]
            isReported = record.reported.contains(identifier)
        case .key:
            let others = record.holders(insteadOfOwn: identifier.value, limit: limit, liveness)
            holders = others.isEmpty && held.claim.strength != .reported ? [record.device] : others
            isReported = record.newest?.checks.contains { $0.proves && $0.key == identifier.value } == true
        }
    }

    /// Whether the device holds it.
    package func isHeld(by device: DeviceID) -> Bool { holders.contains(device) }
}

extension OperatorCommands {
    /// What a device claims, in the order of the identifiers.
    func identifiers(of record: DeviceRecord) async throws -> [HeldIdentifier] {
        let policy = try await policyInForce()
        let liveness = Liveness(
            at: now,
            staleAfter: policy.freshness.staleAfter,
            outages: try await store.outages()
        )
        return record.claims.sorted { $0.claim.identifier < $1.claim.identifier }.map {
            HeldIdentifier($0, of: record, limit: policy.certificates.devicesPerCertificate, liveness)
        }
    }

    /// The policy that the scorer on this store has in force; the standard one where none ran.
    func policyInForce() async throws -> Policy { try await ChangeControl.lastPolicy(in: store)?.policy ?? .standard }
}
