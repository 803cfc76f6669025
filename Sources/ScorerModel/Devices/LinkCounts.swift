/// The rows of Cloudflare's that get a device's score, by how they are linked, and the devices by what they say of their WARP
/// ids.
package struct LinkCounts: Sendable, Equatable {
    /// How many rows are linked by an identifier of a kind with a strength.
    package struct Link: Sendable, Hashable {
        /// The kind of identifier.
        package let kind: Identifier.Kind
        /// The strength of the link.
        package let strength: ClaimStrength

        /// Creates a kind of link.
        package init(_ kind: Identifier.Kind, _ strength: ClaimStrength) {
            (self.kind, self.strength) = (kind, strength)
        }
    }

    /// The rows by the kind of their link.
    package var rows: [Link: Int] = [:]
    /// The rows by each field that agrees; a row counts under each of its fields.
    package var agreeing: [AgreeingField: Int] = [:]
    /// The rows in which nothing agrees.
    package var agreeingInNothing = 0
    /// The devices that have reported and not retired, by what their newest report says of the WARP ids.
    package var readings: [WARPReading: Int] = [:]
    /// The devices that cannot tell their WARP ids, and whose score no row gets.
    package var cannotTellAndUnlinked = 0

    /// Creates the counts of an empty fleet.
    package init() {}
}
