internal import DeviceIdentity
internal import Logging
internal import PostureModel
internal import ScorerModel

extension DeviceJournal {
    /// Tells what a report changed for others: a line for each kind of event.
    func tell(_ events: IdentityEvents, of device: DeviceID, at now: Timestamp) {
        func say(_ text: Logger.Message, _ identifiers: [Identifier]) {
            guard !identifiers.isEmpty else { return }
            let list = identifiers.map { "\($0.kind) \($0.value)" }.joined(separator: ", ")
            warn(text, of: device, ["claims": "\(list)"], at: now)
        }
        say(
            "a device claims an identifier that another device holds: posture-scorer conflicts list",
            events.refused
        )
        say("a device has a stronger claim and takes over an identifier: posture-scorer conflicts list", events.taken)
        for notice in events.notices { tell(notice, at: now) }
        if events.showsLaterReceipt {
            warn(
                "devices show receipts that this database has not given: was it restored from a backup? They are believed",
                at: now
            )
        }
    }

    /// Tells of a notice.
    func tell(_ notice: IdentityNotice, at now: Timestamp) {
        warn(
            notice.kind.message,
            of: notice.device,
            notice.other.isEmpty ? [:] : ["other": "\(notice.other.printable(limit: 128))"],
            at: now
        )
    }
}

extension IdentityNotice.Kind {
    /// The line of the journal.
    var message: Logger.Message {
        switch self {
        case .deviceKeyCopied:
            "clone alarm: two machines report with one device key, which scores 0 until the alarm is cleared: posture-scorer clones list"
        case .certificateKeyReturned:
            "clone alarm: a certificate's key is used by two machines; the device that proved it first has it back: posture-scorer clones list"
        case .certificateKeyPassedOn:
            "a certificate's key counts for another device since the one that held it is silent: posture-scorer conflicts list"
        case .lending:
            "lending alarm: a second row would get a device's score, and gets 0: posture-scorer conflicts list"
        case .snapshotRestored: "a device was put back to a snapshot of its memory"
        }
    }
}
