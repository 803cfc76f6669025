/// One device that Cloudflare asks about: a row of a posture query.
///
/// Every field but the id may be blank, and all of them come from the asking machine's own WARP client.
package struct PostureRow: Sendable, Equatable {
    /// The WARP client's device UUID: the key of the answer.
    package var deviceID: String
    /// The serial number, or blank.
    package var serialNumber: String
    /// The hardware address, or blank.
    package var macAddress: String
    /// The host name, or blank.
    package var hostname: String
    /// The user's e-mail address, or blank: for people, never for matching.
    package var email: String
    /// The address that WARP gave the machine, or blank: for people too.
    package var virtualIPv4: String

    package init(
        deviceID: String,
        serialNumber: String = "",
        macAddress: String = "",
        hostname: String = "",
        email: String = "",
        virtualIPv4: String = ""
    ) {
        self.deviceID = deviceID
        self.serialNumber = serialNumber
        self.macAddress = macAddress
        self.hostname = hostname
        self.email = email
        self.virtualIPv4 = virtualIPv4
    }
}
