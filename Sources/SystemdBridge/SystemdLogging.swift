internal import Glibc
package import Logging

/// Where a program's log belongs.
package enum SystemdLogging {
    /// The journal with its fields, if that is where standard error goes; else lines for people.
    ///
    /// For `Logger(label:factory:)`. The colours are for a terminal alone, and not where `NO_COLOR` says no.
    package static func handler(label: String) -> any LogHandler {
        isJournal(descriptor: STDERR_FILENO, stream: environment("JOURNAL_STREAM"))
            ? JournalLogHandler(label: label) : ReadableLogHandler(label: label, isColored: isColored)
    }

    /// Whether `stream`, a device and an inode with a colon between, is what the descriptor leads to.
    ///
    /// A child with another standard error inherits the variable all the same: it has to be compared.
    ///
    /// - Source: systemd.exec(5), `$JOURNAL_STREAM`
    static func isJournal(descriptor: CInt, stream: String?) -> Bool {
        var status = stat()
        guard let stream, unsafe fstat(descriptor, &status) == 0 else { return false }
        return stream == "\(status.st_dev):\(status.st_ino)"
    }

    /// - SeeAlso: <https://no-color.org>
    private static var isColored: Bool {
        isatty(STDERR_FILENO) == 1 && environment("NO_COLOR") == nil && environment("TERM") != "dumb"
    }

    /// A variable that is set and not empty.
    private static func environment(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        let text = unsafe String(cString: value)
        return text.isEmpty ? nil : text
    }
}
