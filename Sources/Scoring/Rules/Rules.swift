// A new rule, such as "fs_verity_enabled" about a fact that is in the reports already, takes two files:
//
// 1. here, a case of `Rule.Name` and a line of `judgement(_:_:)`;
// 2. in the file of this folder with its topic, or in a new one, the method that the line calls.
//
// A rule with a parameter of its own takes a third, RuleParameters.swift.
//
// The tests fail until RuleTests has a case in which it passes and one in which it fails, and until it is in docs/policy.md
// ("The rules"), docs/man/policy.toml.5, packaging/examples/policy.toml and docs/openapi.json ("Rule").

internal import PostureModel

extension Rule {
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

        /// The rule's worth in the standard policy, a warning unless it is listed here; nil for a rule that is not in it.
        var standard: Rule? {
            switch self {
            case .certificateProven: Rule(points: 40, gate: 50)
            case .certificateKeyPresent: Rule(points: 10)
            case .certificatePresent: Rule(points: 20)
            case .reportFresh: Rule(points: 20)
            case .serialKnown: Rule(points: 10)
            // Only the administrator knows which systems are supported.
            case .osSupported: nil
            default: .warning
            }
        }
    }
}

extension Subject {
    /// The finding of a rule.
    func judgement(_ name: Rule.Name, _ parameters: Rule.Parameters) -> Judgement {
        switch name {
        case .certificateProven: certificates(atLeast: .proven)
        case .certificateKeyPresent: certificates(atLeast: .keyPresent)
        case .certificatePresent: certificates(atLeast: .certificateOnly)
        case .reportFresh: reportFresh()
        case .serialKnown: serialKnown()
        case .diskEncrypted: diskEncrypted(except: parameters.except, removable: parameters.countsRemovable)
        case .swapProtected: swapProtected()
        case .secureBoot: secureBoot()
        case .tpmPresent: tpmPresent()
        case .firewallEnabled: firewallEnabled()
        case .firewallActive: firewallActive()
        case .accessControl: accessControl()
        case .automaticUpdates: automaticUpdates()
        case .packagesRecent: packagesRecent(within: parameters.within)
        case .rebootDone: rebootDone()
        case .warpConnected: warpConnected()
        case .osSupported: osSupported(parameters.systems)
        case .agentVersion: agentVersion(atLeast: parameters.minimum)
        }
    }
}
