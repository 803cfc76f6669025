internal import Glibc
internal import ScorerCore

/// Counts starts in a row that failed because another program has the port.
///
/// The service manager starts it again, but cannot tell one reason from another. So the count is a file in the unit's runtime
/// directory, which lasts from one start to the next and goes when the unit is stopped: a byte for each time.
struct TakenPort: CustomStringConvertible {
    /// After so many starts, ten seconds apart, it is for a person to mend.
    private static let limit = 60
    private let count: Int

    private static var file: String? {
        unsafe getenv("RUNTIME_DIRECTORY").map { unsafe String(cString: $0) + "/port-taken" }
    }

    /// Counts one; nil where no service manager starts the scorer again.
    static func countOne() -> TakenPort? {
        guard let file else { return nil }
        let descriptor = unsafe open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe write(descriptor, [0x2e], 1) == 1, unsafe fstat(descriptor, &status) == 0 else { return nil }
        return TakenPort(count: Int(status.st_size))
    }

    /// Begins to count anew: the scorer listens.
    static func forget() {
        if let file { unsafe unlink(file) }
    }

    /// Whether this was the last start.
    var isLast: Bool { count >= Self.limit }

    /// The next step, and what to do.
    var description: String {
        "this was start \(count) of \(Self.limit), "
            + (isLast ? "the last: free the port, then systemctl start posture-scorer" : "the next is in ten seconds")
    }
}
