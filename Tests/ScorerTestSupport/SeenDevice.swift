package import PostureModel

/// What operators see of a device.
package struct SeenDevice: Decodable {
    package var device: DeviceID
    package var hostname: String?
    package var serial: String?
    package var agent: String?
    package var blocked: Bool
    package var facts: Facts?
    package var blocks: [SeenBlock]
    package var waivers: [SeenWaiver]
}

package struct SeenBlock: Decodable, Equatable {
    package var kind: String
    package var value: String
    package var reason: String
    package var created_by: String

    package init(kind: String, value: String, reason: String, created_by: String) {
        (self.kind, self.value, self.reason, self.created_by) = (kind, value, reason, created_by)
    }
}

package struct SeenWaiver: Decodable, Equatable {
    package var rule: String
    package var expires_at: Timestamp
    package var reason: String
    package var created_by: String

    package init(rule: String, expires_at: Timestamp, reason: String, created_by: String) {
        (self.rule, self.expires_at, self.reason, self.created_by) = (rule, expires_at, reason, created_by)
    }
}
