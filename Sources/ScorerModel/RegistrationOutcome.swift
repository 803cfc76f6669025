package import PostureModel

/// What lets a device register.
package enum Authorisation: Sendable, Equatable {
    /// An enrolment token, as the base64url of its SHA-256.
    case token(hash: String)
    /// The proof of a certificate, by its SHA-256 in base64url, with which so many devices may register.
    case certificate(fingerprint: String, deviceLimit: Int)
}

/// What became of a registration.
package enum RegistrationOutcome: Sendable, Equatable {
    case registered
    /// The device was known already; nothing changed, and no use of a token was taken.
    case alreadyKnown
    case refused(reason: String)
}

/// What became of a report.
package enum AcceptOutcome: Sendable, Equatable {
    /// With what is known of the device now, and what changed by it for others.
    case accepted(StoredStanding, BindingChange)
    /// A report with this nonce or a newer one was accepted before.
    case stale
    /// The device is not known.
    case unknownDevice
}

/// The devices as a whole, by the age of their newest reports.
package struct Fleet: Sendable, Equatable {
    /// How many devices reported within the last hour.
    package var withinHour = 0
    /// How many did within the last day, and not within the hour.
    package var withinDay = 0
    /// How many did before.
    package var earlier = 0
    /// How many never did.
    package var never = 0
    /// When the newest report was received; nil if there is none.
    package var newest: Timestamp?

    /// Creates a fleet without devices.
    package init() {}

    /// How many devices there are.
    package var devices: Int { withinHour + withinDay + earlier + never }
}
