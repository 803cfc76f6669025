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
    package let key: JWK
    /// When the device registered.
    package let registeredAt: Timestamp
    /// What let the device register.
    package let registeredBy: Authorisation.Kind
    /// The newest report; nil if there is none.
    package var newest: StoredReport?
    /// What lists show of the device, from its newest report.
    package var listing = DeviceListing()
    /// The last good serial number that the device reported, in the form of ``Identifier``.
    package var serial: String?
    /// The boots of which the device has reported.
    package var boots = BootHistory()
    /// Since when the device key is used by two machines; nil if it is not.
    package var cloneAlarmSince: Timestamp?
    /// Since when each rule has been failing in every report, by the rule's id.
    package var failingSince: [String: Timestamp] = [:]
    /// The certificates that the last report with a proof has proven.
    package var provenCertificates: [ChainLink] = []

    // MARK: What else the store knows

    /// What the device claims, with who holds it.
    package var claims: [HeldClaim] = []
    /// The inventory's line for ``serial``.
    package var inventory: InventoryItem?
    /// The blocks that cover the device: its own, and those of other devices with the same certificate or serial number.
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
        self.registeredAt = registeredAt
        self.registeredBy = registeredBy
        self.version = version
    }
}

extension DeviceRecord {
    /// Whether the device has reported, also where the newest report cannot be read any more: every report says its program.
    package var hasReported: Bool { newest != nil || listing.agent != nil }

    /// A claim of the device, and whether the device holds the identifier by it.
    package struct HeldClaim: Sendable, Equatable {
        /// The claim.
        package let claim: Claim
        /// The device that holds the identifier; nil if no claim counts.
        package let holder: DeviceID?

        /// Creates a claim with its holder.
        package init(_ claim: Claim, holder: DeviceID?) {
            self.claim = claim
            self.holder = holder
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
            ($0.device != device ? 1 : 0, $0.createdAt, $0.value) < (
                $1.device != device ? 1 : 0, $1.createdAt, $1.value
            )
        }
    }

    /// The keys by which a block may name the device: its id, its serial number, and the leaf of each certificate that it shows.
    package var blockKeys: [Block.Key] {
        [Block.Key(.device, device.rawValue)] + (serial.map { [Block.Key(.serial, $0)] } ?? [])
            + (newest?.checks ?? []).compactMap { $0.chain.first.map { Block.Key(.certificate, $0.text) } }
    }
}
