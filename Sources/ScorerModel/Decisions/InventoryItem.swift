/// A machine of the company's, as its inventory has it.
package struct InventoryItem: Sendable, Equatable {
    /// The serial number, in the form of ``Identifier``.
    package let serial: String
    /// The name that the machine's certificate should have; nil if the inventory does not say.
    package let certificateName: String?
    /// What the company groups machines by; nil for none.
    package let tag: String?
    /// The id of the machine's WARP client, in the form of ``Identifier``; nil if the inventory does not say.
    package let warpID: String?

    /// Creates a line of the inventory.
    package init(serial: String, certificateName: String?, tag: String?, warpID: String? = nil) {
        self.serial = serial
        self.certificateName = certificateName
        self.tag = tag
        self.warpID = warpID
    }

    /// The most items that there can be.
    package static let limit = 100_000
}
