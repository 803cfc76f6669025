internal import CSystemd

/// What the service manager is told, through sd_notify(3).
///
/// Without a service manager, nothing happens.
public enum ServiceManager {
    /// The service does its work from now on.
    ///
    /// Say it only when that is so.
    public static func ready() { notify("READY=1") }

    /// The service is about to end.
    public static func stopping() { notify("STOPPING=1") }

    /// One line for `systemctl status`.
    public static func status(_ text: String) {
        notify("STATUS=" + text.split(whereSeparator: \.isNewline).joined(separator: " "))
    }

    private static func notify(_ state: String) {
        // A manager that does not listen is no reason to stop working.
        _ = unsafe sd_notify(0, state)
    }
}
