package import PostureModel

/// Everything the store keeps of one device.
///
/// A store writes the device's own part as a whole, on condition that ``version`` has not moved. The rest is what others
/// decided of the device, read at the same moment; it is written by changes of its own.
package struct DeviceRecord: Sendable, Equatable {
    // MARK: The device's own part

    /// The device's id.
    package let device: DeviceID
    /// Grows with each write; 0 for a device that is not stored yet.
    package var version: Int64
    /// The key that signs the device's messages.
    package var key: JWK
    /// The SHA-256 thumbprint of ``key`` in base64url (RFC 7638): the device's id until the key is replaced.
    package var keyThumbprint: String
    /// The keys that the device replaced, the newest last.
    package var replacedKeys: [JWK] = []
    /// When the device registered.
    package let registeredAt: Timestamp
    /// What let the device register.
    package let registeredBy: Authorisation.Kind
    /// When the device gave up its keys and identifiers; nil if it did not.
    package var retiredAt: Timestamp?
    /// The newest report; nil if there is none.
    package var newest: StoredReport?
    /// What lists show of the device, from its newest report.
    package var listing = DeviceListing()
    /// The identifiers that the newest report carries, good ones only.
    package var reported: [Identifier] = []
    /// The last good serial number that the device reported, in the form of ``Identifier``.
    package var serial: String?
    /// The states that the device's answers named, none once an operator cleared a clone alarm; nil before the first report.
    package var continuity: Continuity?
    /// Since when each rule has been failing in every report, by the rule's id.
    package var failingSince: [String: Timestamp] = [:]

    // MARK: What else the store knows

    /// What the device claims, with the claims of others.
    package var claims: [HeldClaim] = []
    /// The tags that put the device into groups.
    package var tags: Set<DeviceTag> = []
    /// What operators should know of the device's identity, the oldest first.
    package var notices: [IdentityNotice] = []
    /// The row of Cloudflare's that gets the device's score; nil if none was asked about.
    package var use: RowUse?
    /// The inventory's line for ``serial``.
    package var inventory: InventoryItem?
    /// The blocks that cover the device: its own, and those of other devices whose keys or identifiers it has.
    package var blocks: [Block] = []
    /// The rules that operators waived for the device, expired ones too.
    package var waivers: [Waiver] = []

    /// Creates the record of a device that registers.
    package init(
        device: DeviceID,
        key: JWK,
        registeredAt: Timestamp,
        registeredBy: Authorisation.Kind,
        version: Int64 = 0
    ) {
        self.device = device
        self.key = key
        keyThumbprint = device.rawValue
        self.registeredAt = registeredAt
        self.registeredBy = registeredBy
        self.version = version
    }
}

extension DeviceRecord {
    /// Whether the device has reported, also where the newest report cannot be read any more: every report says its program.
    package var hasReported: Bool { newest != nil || listing.agent != nil }

    /// The most replaced keys that are remembered.
    package static let replacedKeyLimit = 8

    /// Since when two machines use the device's key; nil if they do not.
    package var cloneAlarmSince: Timestamp? { notices.first { $0.kind == .deviceKeyCopied }?.since }

    /// A claim of another device to what this one claims.
    package struct Rival: Sendable, Equatable {
        /// The claim.
        package let claim: Claim
        /// When the other device's newest report was received; nil if there is none, and once the device has retired.
        package let lastReport: Timestamp?

        /// Creates a rival claim.
        package init(claim: Claim, lastReport: Timestamp?) { (self.claim, self.lastReport) = (claim, lastReport) }
    }

    /// A claim of the device, with those of others to the same identifier.
    package struct HeldClaim: Sendable, Equatable {
        /// The claim.
        package let claim: Claim
        /// The claims of others, the strongest first.
        package let rivals: [Rival]

        /// Creates a claim with its rivals.
        package init(_ claim: Claim, rivals: [Rival] = []) { (self.claim, self.rivals) = (claim, rivals) }

        /// The device with the strongest claim.
        package var holder: DeviceID {
            rivals.first { $0.claim.comesBefore(claim) }?.claim.device ?? claim.device
        }

        /// Whether the claiming device is the holder.
        package var isHeld: Bool { claim.device == holder }
    }

    /// The claim to an identifier.
    package func claim(to identifier: Identifier) -> HeldClaim? { claims.first { $0.claim.identifier == identifier } }

    /// The claims of one kind.
    package func claims(_ kind: Identifier.Kind) -> [HeldClaim] { claims.filter { $0.claim.identifier.kind == kind } }

    /// Takes the blocks that cover the device, its own first.
    package mutating func takeBlocks(of known: some Sequence<Block>) {
        let keys = Set(blockKeys)
        let device = device
        blocks = Set(known.filter { keys.contains(Block.Key($0.kind, $0.value)) }).sorted {
            ($0.device != device ? 1 : 0, $0.createdAt, $0.value, $0.kind.rawValue) < (
                $1.device != device ? 1 : 0, $1.createdAt, $1.value, $1.kind.rawValue
            )
        }
    }

    /// The keys by which a block may cover the device: its id, its key, the certificate keys that its newest report proves, and
    /// the identifiers that this report carries.
    package var blockKeys: [Block.Key] {
        let proven = (newest?.checks ?? []).filter(\.proves).compactMap(\.key)
        return [Block.Key(.device, device.rawValue), Block.Key(.deviceKey, keyThumbprint)]
            + proven.map { Block.Key(.certificateKey, $0) } + reported.compactMap(Block.Key.init)
    }
}
