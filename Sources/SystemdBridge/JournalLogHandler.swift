package import Logging

/// Logs into the systemd journal, with structured fields.
///
/// `MESSAGE` is the text for people; `PRIORITY`, `SYSLOG_IDENTIFIER`, `CODE_FILE`, `CODE_LINE` and `CODE_FUNC` are the
/// journal's own; the metadata key ``MessageID/metadataKey`` becomes `MESSAGE_ID`, and each other key a field with the
/// prefix `POSTURED_`. Names, values and their number are bounded.
///
/// Never throws. Waits a second at most for a journal that is busy, then gives the entry up; where no journal listens,
/// the line goes to standard error.
///
/// - Source: systemd.journal-fields(7)
package struct JournalLogHandler: LogHandler {
    /// The least level that is logged.
    package var logLevel = Logger.Level.info
    /// What every event is logged with, in fields of its own; not part of the text.
    package var metadata: Logger.Metadata = [:]
    /// What adds metadata to each event, besides.
    package var metadataProvider: Logger.MetadataProvider?
    private let identifier: String

    /// `label` is what the journal knows the program by (`journalctl -t`).
    package init(label: String) {
        identifier = label
    }

    /// One value of ``metadata``.
    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Logs one event.
    package func log(event: LogEvent) {
        let context = metadata.merging(metadataProvider?.get() ?? [:]) { _, provided in provided }
        let entry = JournalEntry(event, context: context, identifier: identifier)
        if Journal.send(entry) == .absent {
            ReadableLogHandler(label: identifier, isColored: false).log(event: event)
        }
    }
}
