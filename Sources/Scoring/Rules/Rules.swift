internal import PostureModel

extension Subject {
    /// What a rule finds.
    ///
    /// A new rule is a case of ``Rule/Name``, a method in a file of this folder, a line here, and an entry in docs/policy.md.
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
