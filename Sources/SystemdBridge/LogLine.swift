internal import Logging
internal import PostureModel

/// What a person reads of a log event: the message, and in brackets what it was logged with.
struct LogLine {
    let text: String

    /// In scalars; what is cut off here is in the journal's fields.
    private static let limit = 4000

    /// `metadata` is the event's own: what its logger always adds would say the same in every line.
    init(_ event: LogEvent) {
        var details = (event.metadata ?? [:]).filter { $0.key != MessageID.metadataKey }
        if let error = event.error { details["error"] = "\(error)" }
        // One line, and nothing that could steer a terminal or forge another line.
        let shown = details.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)".printable() }
        let message = event.message.description.printable()
        let line = shown.isEmpty ? message : "\(message) (\(shown.joined(separator: ", ")))"
        text = line.printable(limit: LogLine.limit)
    }
}
