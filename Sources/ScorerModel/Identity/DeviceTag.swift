internal import PostureModel

/// A name that puts a device into groups of the policy, and stays until an operator takes it away.
package struct DeviceTag: Sendable, Hashable {
    /// The origin of a tag.
    package enum Origin: Sendable, Hashable {
        /// An operator gave it.
        case operators
        /// The inventory gives it to the machine with this serial number, which the device held.
        case inventory(serial: String)
        /// It is the common name of a certificate that the device has proven.
        case certificate
    }

    /// The name.
    package let name: String
    /// The origin.
    package let origin: Origin

    /// Creates a tag.
    package init(_ name: String, _ origin: Origin) { (self.name, self.origin) = (name, origin) }

    /// The most tags of one device.
    package static let limit = 64
    /// The most tags of one device that are of certificates: what a CA writes leaves room for what operators say.
    package static let certificateLimit = limit / 2
}

extension DeviceTag: Encodable {
    private enum CodingKeys: String, CodingKey { case name, origin, serial }

    /// Writes a tag for operators.
    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(name.printable(limit: 256), forKey: .name)
        switch origin {
        case .operators: try object.encode("operator", forKey: .origin)
        case .certificate: try object.encode("certificate", forKey: .origin)
        case .inventory(let serial):
            try object.encode("inventory", forKey: .origin)
            try object.encode(serial, forKey: .serial)
        }
    }
}
