package import PostureModel

/// Everything that a decision is made from, as the store had it at one moment.
package struct Snapshot: Sendable {
    /// The devices that were asked for and are known.
    package var records: [DeviceID: DeviceRecord] = [:]
    /// The claims to each identifier that was asked for, and to each that one of ``records`` claims.
    ///
    /// An identifier without claims is an empty set.
    package var claims: [Identifier: ClaimSet] = [:]
    /// The inventory's lines of the serial numbers among ``claims``, by serial number.
    package var inventory: [String: InventoryItem] = [:]
    /// The blocks of the keys that were asked for.
    package var blocks: [Block] = []
    /// The enrolment tokens that were asked for, by hash; the devices that they replace are among ``records``.
    package var tokens: [String: EnrolmentToken] = [:]
    /// How many devices have registered by each certificate that was asked for, by fingerprint.
    package var registrations: [String: Int] = [:]

    /// Creates an empty snapshot.
    package init() {}

    /// The claims to an identifier; an empty set where it is not in the snapshot.
    package func claims(to identifier: Identifier) -> ClaimSet { claims[identifier] ?? ClaimSet(identifier) }

    /// The contents of a snapshot to load.
    package struct Request: Sendable {
        /// The devices.
        package var devices: Set<DeviceID>
        /// The identifiers whose claims are asked for.
        package var identifiers: Set<Identifier>
        /// The records of how many claimants of each identifier that was asked for, the strongest first, come along.
        package var claimants: Int
        /// The keys of blocks, besides those of the devices.
        package var blockKeys: Set<Block.Key>
        /// The hashes of enrolment tokens.
        package var tokens: Set<String>
        /// The fingerprints of certificates whose registrations are counted.
        package var certificates: Set<String>

        package init(
            devices: Set<DeviceID> = [],
            identifiers: Set<Identifier> = [],
            claimants: Int = 0,
            blockKeys: Set<Block.Key> = [],
            tokens: Set<String> = [],
            certificates: Set<String> = []
        ) {
            self.devices = devices
            self.identifiers = identifiers
            self.claimants = claimants
            self.blockKeys = blockKeys
            self.tokens = tokens
            self.certificates = certificates
        }
    }
}
