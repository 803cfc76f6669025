internal import CSystemd
internal import Glibc
internal import PostureModel

/// What the service manager is told, through sd_notify(3).
///
/// Without a service manager, nothing happens.
package enum ServiceManager {
    /// The service does its work from now on, or again after ``reloading()``.
    ///
    /// Say it only when that is so.
    package static func ready() { notify("READY=1") }

    /// The service reads its configuration again; ``ready()`` follows, whatever comes of it.
    ///
    /// The time lets the manager (253 and later, `Type=notify-reload`) tell which reload this is an answer to.
    package static func reloading() {
        var now = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        notify("RELOADING=1\nMONOTONIC_USEC=\(now.tv_sec * 1_000_000 + now.tv_nsec / 1000)")
    }

    /// The service needs `duration` more from now on to start, to reload or to stop; it may say so again.
    ///
    /// Say it only when there was progress: without, a service that hangs would never be ended.
    ///
    /// - Source: `EXTEND_TIMEOUT_USEC` of sd_notify(3)
    package static func extendTimeout(by duration: Duration) {
        let (seconds, attoseconds) = duration.components
        notify("EXTEND_TIMEOUT_USEC=\(seconds * 1_000_000 + attoseconds / 1_000_000_000_000)")
    }

    /// The service is about to end.
    package static func stopping() { notify("STOPPING=1") }

    /// One line for `systemctl status`.
    package static func status(_ text: String) {
        // A line's end would begin another assignment.
        notify("STATUS=" + text.split(whereSeparator: \.isNewline).joined(separator: " ").printable())
    }

    /// How long the manager waits between two calls of ``watchdog()`` before it kills the service and starts it anew;
    /// nil if it does not watch.
    ///
    /// - Source: sd_watchdog_enabled(3), which recommends a call every half of this time
    package static var watchdogInterval: Duration? {
        var microseconds: UInt64 = 0
        return unsafe sd_watchdog_enabled(0, &microseconds) > 0 ? .microseconds(microseconds) : nil
    }

    /// The service is well.
    ///
    /// Say it from the loop that does the work: from a timer of its own it would be no evidence of anything.
    package static func watchdog() { notify("WATCHDOG=1") }

    private static func notify(_ state: String) {
        // A manager that does not listen is no reason to stop working.
        _ = unsafe sd_notify(0, state)
    }
}
