internal import PostureModel
internal import ScorerCore
internal import ScorerModel

extension IdentityConflict {
    /// The conflict line by line: what it is, its devices, and what to do.
    var lines: [String] {
        let subject = value.map { " \($0)" } ?? ""
        let time = since.map { ", since \($0)" } ?? ""
        return ["\(heading)\(subject)\(time)"] + parties.map { "  \($0.line(isKey: kind == .certificateKey))" } + [
            "  -> \(advice)"
        ]
    }

    private var heading: String {
        switch kind {
        case .warpID: "WARP id"
        case .serial: "serial number"
        case .certificateKey: "certificate key"
        case .lending: "lending alarm: second row"
        case .certificateKeyPassedOn: "certificate key passed on to the first device from the second, which is silent"
        case .certificateKeyReturned: "clone alarm: certificate key taken back by the first device from the second"
        case .deviceKeyCopied: "clone alarm: device key on two machines"
        case .snapshotRestored: "snapshot of the memory restored"
        }
    }

    /// What to do, with the ids that it takes.
    private var advice: String {
        let first = parties.first?.device.rawValue ?? "DEVICE"
        let second = parties.dropFirst().first?.device.rawValue ?? "OTHER"
        switch kind {
        case .warpID, .serial:
            return
                "the first one, the holder, keeps it. If it belongs to another one: posture-scorer conflicts resolve DEVICE. If one "
                + "claims what is not its own: posture-scorer devices block DEVICE --key-only --reason TEXT"
        case .certificateKey:
            return
                "it counts for the first one. If the machine was installed again: posture-scorer devices replace OLD NEW. Else issue "
                + "a certificate with a key of its own to each machine"
        case .lending:
            return
                "one row gets a device's score, that in use. Look up the second one in Cloudflare's device list. If both are this "
                + "machine's (WARP registered twice), delete the registration that is not used; if it is another machine's, somebody "
                + "lends the score: posture-scorer devices show \(first). Then: posture-scorer clones clear \(first)"
        case .certificateKeyPassedOn:
            return
                "if the machine was installed again: posture-scorer devices replace \(second) \(first). Else the key is stolen: "
                + "posture-scorer devices block \(first) --reason TEXT, and revoke the certificate"
        case .certificateKeyReturned:
            return
                "two machines have the key: posture-scorer devices block \(second) --reason TEXT, revoke the certificate, and issue a "
                + "new one to the first. Then: posture-scorer clones clear \(first)"
        case .deviceKeyCopied:
            return
                "it scores 0. Run 'apt purge postured' on the copy, or on both machines if you cannot tell, and neither 'postured "
                + "retire' nor 'replace-key' there. Then: posture-scorer clones clear \(first)"
        case .snapshotRestored:
            return
                "if somebody put the virtual machine back: posture-scorer clones clear \(first). If nobody did, a copy reports: see "
                + "whether a clone alarm follows"
        }
    }
}

extension IdentityConflict.Party {
    /// The device in one line, of a conflict about a certificate's key or another one.
    fileprivate func line(isKey: Bool) -> String {
        let claim = claim.map { "\($0.words(of: isKey ? .key : .warp))\(since.map { ", since \($0)" } ?? "")" }
        let row = row.map { "row in use: \($0)" }
        let blocked = isBlocked ? "BLOCKED" : nil
        return ([device.rawValue, hostname ?? "no host name"] + [claim, row, blocked].compactMap { $0 })
            .joined(separator: "  ")
    }
}
