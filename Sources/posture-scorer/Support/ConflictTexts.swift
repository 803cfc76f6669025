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
                "the holder keeps it; if it is another's: conflicts resolve DEVICE; a device that claims what it has not: "
                + "devices block DEVICE --key-only"
        case .certificateKey:
            return
                "it counts for the holder; installed again: devices replace OLD NEW; else give each machine a key of its own"
        case .lending:
            return
                "only the row in use scores; look at whose the second row is (in Cloudflare's device list); if it is the "
                + "machine's: devices assign \(first) warp-id \(value ?? "ID"); then: clones clear \(first)"
        case .certificateKeyPassedOn:
            return
                "installed again: devices replace \(second) \(first); else: devices block \(first), and revoke the certificate"
        case .certificateKeyReturned:
            return
                "two machines have the key: devices block \(second), revoke the certificate and issue a new one; then: "
                + "clones clear \(first)"
        case .deviceKeyCopied:
            return
                "it scores 0: purge postured on the machine that is not the device, or on both; then: clones clear \(first)"
        case .snapshotRestored:
            return "if somebody restored it: clones clear \(first); else it is a clone: devices block \(first)"
        }
    }
}

extension IdentityConflict.Party {
    /// The device in one line, of a conflict about a certificate's key or another one.
    fileprivate func line(isKey: Bool) -> String {
        let claim = claim.map { "\($0.words(of: isKey ? .key : .warp))\(since.map { ", since \($0)" } ?? "")" }
        let row = row.map { "row in use: \($0)" }
        return ([device.rawValue, hostname ?? "no host name"] + [claim, row].compactMap { $0 }).joined(separator: "  ")
    }
}
