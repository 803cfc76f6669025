package import PostureModel

/// What the scorer knows of a device besides its report.
package struct Standing: Sendable, Equatable {
    /// Why the device scores 0 whatever it reports (blocked, two machines with one key); nil if nothing is the matter.
    package var disqualification: String?
    /// Whom the reported serial number belongs to.
    package var serial: SerialOwnership
    /// The tags that operators gave the device, or the inventory.
    package var tags: Set<String>
    /// What operators let pass.
    package var waivers: [Waiver]
    /// Since when each rule has been failing, by the scorer's clock, in every report since.
    package var failingSince: [String: Timestamp]

    /// Creates a standing; that of a device of which nothing else is known, if nothing else is said.
    package init(
        disqualification: String? = nil,
        serial: SerialOwnership = .own,
        tags: Set<String> = [],
        waivers: [Waiver] = [],
        failingSince: [String: Timestamp] = [:]
    ) {
        self.disqualification = disqualification
        self.serial = serial
        self.tags = tags
        self.waivers = waivers
        self.failingSince = failingSince
    }
}

/// Whom a serial number belongs to.
package enum SerialOwnership: Sendable, Equatable {
    /// The device that reports it.
    case own
    /// Another device: a sentence for the person.
    case another(String)
    /// Nobody.
    case unbound
}

/// That an operator lets a device pass a rule for some time.
package struct Waiver: Sendable, Equatable {
    /// The rule's id.
    package var rule: String
    /// The moment from which the waiver is nothing.
    package var until: Timestamp
    /// Why, in the operator's words.
    package var reason: String

    /// Creates a waiver.
    package init(rule: String, until: Timestamp, reason: String) {
        self.rule = rule
        self.until = until
        self.reason = reason
    }
}

/// Everything that a score is made of, but for the trust and the moment.
package struct Evidence: Sendable {
    /// The newest report.
    package var report: VerifiedReport
    /// When it was received, by the scorer's clock.
    package var receivedAt: Timestamp
    /// Seconds since then in which the scorer was receiving: its own outages do not count.
    package var age: Int64
    /// What else is known of the device.
    package var standing: Standing

    /// Creates evidence.
    package init(report: VerifiedReport, receivedAt: Timestamp, age: Int64, standing: Standing = Standing()) {
        self.report = report
        self.receivedAt = receivedAt
        self.age = age
        self.standing = standing
    }
}
