package import PostureModel

extension Posture {
    /// A posture of which nothing could be read, for one reason.
    package static func unreadable(_ reason: String) -> Posture {
        var posture = Posture()
        posture.secureBoot = .unreadable(reason: reason)
        posture.tpm = .unreadable(reason: reason)
        posture.disks = .unreadable(reason: reason)
        posture.swap = .unreadable(reason: reason)
        posture.firewallEnabled = .unreadable(reason: reason)
        posture.firewallActive = .unreadable(reason: reason)
        posture.accessControl = .unreadable(reason: reason)
        posture.automaticUpdates = .unreadable(reason: reason)
        posture.packagesUpdated = .unreadable(reason: reason)
        posture.rebootRequired = .unreadable(reason: reason)
        posture.warp = .unreadable(reason: reason)
        return posture
    }
}
