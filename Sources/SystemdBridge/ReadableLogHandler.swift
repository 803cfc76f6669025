internal import Glibc
internal import Logging

/// Logs lines for people to standard error: `postured: warning: cannot report (reason: the scorer cannot be reached)`.
///
/// There are no times in them: on a terminal nobody needs them, and whatever else keeps standard error adds its own.
/// What came from outside cannot steer the terminal.
struct ReadableLogHandler: LogHandler {
    /// The least level that is logged.
    var logLevel = Logger.Level.info
    /// What every event is logged with; not shown.
    var metadata: Logger.Metadata = [:]
    private let label: String
    private let isColored: Bool

    /// `isColored` is whether warnings and errors stand out, by the escape sequences of ECMA-48.
    init(label: String, isColored: Bool) {
        self.label = label
        self.isColored = isColored
    }

    /// One value of ``metadata``.
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Logs one event, in one write(2), so that lines of several threads do not mix.
    func log(event: LogEvent) {
        let bytes = Array("\(line(for: event))\n".utf8)
        // A standard error that is closed or full is no reason to stop working.
        _ = unsafe write(STDERR_FILENO, bytes, bytes.count)
    }

    func line(for event: LogEvent) -> String {
        let (word, color) =
            switch event.level {
            case .trace, .debug: ("debug: ", "2")
            case .info, .notice: ("", "")
            case .warning: ("warning: ", "33")
            case .error, .critical: ("error: ", "31")
            }
        let line = "\(label): \(word)\(LogLine(event).text)"
        return isColored && !color.isEmpty ? "\u{1B}[\(color)m\(line)\u{1B}[0m" : line
    }
}
