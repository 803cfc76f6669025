internal import Logging
internal import PostureModel

/// The fields of a journal entry, within bounds.
///
/// - Source: systemd.journal-fields(7), sd_journal_print(3)
struct JournalEntry {
    /// Field names, each with a printable value.
    private(set) var fields: [(name: String, value: String)]

    /// The prefix keeps our names away from those that mean something to the journal.
    private static let prefix = "POSTURED_"
    /// journald drops an entry with a longer name.
    private static let nameLimit = 64
    /// In scalars, of which each has four bytes at most.
    private static let valueLimit = 1000
    /// Together with the other limits: an entry that fits into a datagram, whatever was logged.
    private static let fieldLimit = 24

    /// `context` is what the logger adds to each of its events; the event's own metadata comes before it.
    init(_ event: LogEvent, context: Logger.Metadata, identifier: String) {
        fields = [
            ("MESSAGE", LogLine(event).text),
            ("PRIORITY", "\(JournalEntry.priority(of: event.level))"),
            ("SYSLOG_IDENTIFIER", identifier),
            ("CODE_FILE", event.file),
            ("CODE_LINE", "\(event.line)"),
            ("CODE_FUNC", event.function),
        ]
        var metadata = context.merging(event.metadata ?? [:]) { _, own in own }
        if let id = metadata.removeValue(forKey: MessageID.metadataKey).map({ "\($0)" }), JournalEntry.isID(id) {
            fields.append(("MESSAGE_ID", id))
        }
        if let error = event.error { metadata["error"] = "\(error)" }
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }).prefix(JournalEntry.fieldLimit) {
            // The catalogue's texts quote values, and journalctl(1) writes those to the terminal as they are.
            fields.append((JournalEntry.name(for: key), "\(value)".printable(limit: JournalEntry.valueLimit)))
        }
    }

    /// `reason` and `device.id` are `POSTURED_REASON` and `POSTURED_DEVICE_ID`.
    static func name(for key: String) -> String {
        let scalars = key.unicodeScalars.map { scalar in
            switch scalar {
            case "a"..."z": String(scalar).uppercased()
            case "A"..."Z", "0"..."9": String(scalar)
            default: "_"
            }
        }
        return String((prefix + scalars.joined()).prefix(nameLimit))
    }

    /// The severities of syslog(3).
    static func priority(of level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }

    private static func isID(_ text: String) -> Bool {
        text.utf8.count == 32
            && text.utf8.allSatisfy { byte in
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte
            }
    }
}
