internal import PostureModel

/// What a policy asks of a device, and what that is worth.
package struct Rule: Sendable, Equatable {
    /// The points of the whole score that it gives where it passes.
    package var points: Int
    /// The most that the whole score can be while it does not pass; nil if it caps nothing.
    package var gate: Int?
    /// Seconds for which it counts as passed after it began to fail.
    package var grace: Int64
    /// Whether it is shown and costs nothing.
    package var isWarning: Bool
    /// Whether it passes where there is nothing of the kind to look at.
    package var passesWhereNotApplicable: Bool
    /// What exactly it asks for.
    package var parameters: Parameters

    /// Creates a rule.
    package init(
        points: Int = 0,
        gate: Int? = nil,
        grace: Int64 = 0,
        isWarning: Bool = false,
        passesWhereNotApplicable: Bool = false,
        parameters: Parameters = Parameters()
    ) {
        self.points = points
        self.gate = gate
        self.grace = grace
        self.isWarning = isWarning
        self.passesWhereNotApplicable = passesWhereNotApplicable
        self.parameters = parameters
    }

    /// A rule that is shown and costs nothing.
    package static let warning = Rule(isWarning: true)

    /// Whether the score depends on it.
    var counts: Bool { points != 0 || gate != nil }

    /// Whether it is looked at.
    var isInForce: Bool { counts || isWarning }

    /// What exactly a rule asks for; each is of one or two rules, and the others do not look at it.
    package struct Parameters: Sendable, Equatable {
        /// `disk_encrypted`: the mount points that need no encryption; `/media/*` stands for all below `/media`.
        package var except: [String] = ["/boot", "/boot/efi", "/efi"]
        /// `disk_encrypted`: whether file systems on removable media count too, wherever they are mounted.
        package var countsRemovable = false
        /// `packages_recent`: seconds.
        package var within: Int64 = 30 * 86_400
        /// `agent_version`: the least version, as its text.
        package var minimum: String = Version.text
        /// `os_supported`: the least version of each operating system, by its id in os-release(5); `any` for every one.
        package var systems: [String: String] = [:]

        /// What the rules ask for if nobody says otherwise.
        package init() {}
    }

    /// The rules that there are, in the order in which a score shows them.
    package enum Name: String, Sendable, CaseIterable, CodingKey {
        case certificateProven = "certificate_proven"
        case certificateKeyPresent = "certificate_key_present"
        case certificatePresent = "certificate_present"
        case reportFresh = "report_fresh"
        case serialKnown = "serial_known"
        case diskEncrypted = "disk_encrypted"
        case swapProtected = "swap_protected"
        case secureBoot = "secure_boot"
        case tpmPresent = "tpm_present"
        case firewallEnabled = "firewall_enabled"
        case firewallActive = "firewall_active"
        case accessControl = "access_control"
        case automaticUpdates = "automatic_updates"
        case packagesRecent = "packages_recent"
        case rebootDone = "reboot_done"
        case warpConnected = "warp_connected"
        case osSupported = "os_supported"
        case agentVersion = "agent_version"

        /// The rule's id, as policies and explanations have it.
        package var description: String { rawValue }
    }
}
