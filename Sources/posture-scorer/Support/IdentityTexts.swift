internal import PostureModel
internal import ScorerCore
internal import ScorerModel

extension Identifier.Kind {
    /// The kind in words.
    var words: String {
        switch self {
        case .warp: "WARP id"
        case .serial: "serial number"
        case .key: "certificate key"
        }
    }
}

extension AgreeingField {
    /// The field in words.
    var words: String {
        switch self {
        case .serial: "serial number"
        case .mac: "MAC address"
        case .hostname: "host name"
        case .ipv4: "virtual IPv4"
        }
    }
}

extension WARPReading {
    /// What a report says of the WARP ids, in words.
    var words: String {
        switch self {
        case .read: "read"
        case .cannotTell: "cannot tell"
        case .noClient: "no client"
        }
    }
}

extension LinkCounts.Link {
    /// The link in words.
    var words: String { "by \(kind.words), \(strength)" }
}

extension IdentityNotice.Kind {
    /// The kind in words.
    var words: String {
        switch self {
        case .deviceKeyCopied: "clone alarm: two machines use the device's key"
        case .certificateKeyReturned: "clone alarm: a certificate key was taken back"
        case .certificateKeyPassedOn: "a certificate key passed on from a silent device"
        case .lending: "lending alarm: a second row was asked about"
        case .snapshotRestored: "a snapshot of the memory was restored"
        }
    }
}

extension IdentityNotice {
    /// The notice in one line.
    var line: String {
        "\(kind.words)\(other.isEmpty ? "" : ", \(other.printable(limit: 128))"), since \(since)"
    }
}

extension DeviceTag {
    /// The tag in one line, with its origin.
    var line: String {
        let from =
            switch origin {
            case .operators: "by an operator"
            case .certificate: "by a certificate"
            case .inventory(let serial): "by the inventory, line \(serial.printable())"
            }
        return "\(name.printable(limit: 256))  \(from)"
    }
}

extension ClaimStrength {
    /// How well a claim to an identifier of a kind is founded, in words, after "is".
    func words(of kind: Identifier.Kind) -> String {
        guard kind == .key else { return "\(self)" }
        return switch self {
        case .reported: "shown without a proof"
        case .assigned: "\(self)"
        case .proven, .carried, .expected: "proven"
        }
    }
}

extension HeldIdentifier {
    /// What the device claims, line by line, with the holder where it is another one, and the rivals.
    func lines(of device: DeviceID) -> [String] {
        let others = holders.filter { $0 != device }.map(\.rawValue).joined(separator: ", ")
        let holder = others.isEmpty || isHeld(by: device) ? "" : "; held by \(others)"
        let absent = isReported ? "" : "; not in the newest report"
        let rivals = rivals.map { rival in
            let report = rival.lastReport.map { ", last report \($0)" } ?? ", no report yet"
            return
                "    also claimed by \(rival.device): \(rival.claim.words(of: identifier.kind)), since \(rival.since)\(report)"
        }
        return [
            "  \(identifier.kind.words) \(identifier.value.printable()): \(claim.words(of: identifier.kind)), since \(since)\(holder)\(absent)"
        ] + rivals
    }
}

extension RowUse {
    /// The row in use in one line.
    var line: String {
        let fields = agreeing.isEmpty ? "nothing" : agreeing.map(\.words).sorted().joined(separator: ", ")
        return
            "\(row.printable(limit: 128)), linked by \(kind.words) (\(strength)); agreeing: \(fields); last asked \(askedAt)"
    }
}

extension Observation<WARPIDs> {
    /// What the newest report says of the WARP ids, in one line.
    func line(_ reading: WARPReading?) -> String {
        switch self {
        case .observed(let warp):
            reading == .cannotTell
                ? "cannot tell: they were read too long ago, at \(warp.readAt)" : "read at \(warp.readAt)"
        case .notApplicable(let reason): "no client: \(reason.printable())"
        case .unreadable(let reason): "cannot tell: \(reason.printable())"
        case .notReported: "cannot tell: the report does not say"
        }
    }
}
