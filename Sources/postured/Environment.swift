internal import Glibc

/// What systemd tells a service (systemd.exec(5)).
enum Environment {
    /// The directory of its credentials.
    static var credentials: String? { value("CREDENTIALS_DIRECTORY") }
    /// The first of its state directories.
    static var stateDirectory: String? {
        value("STATE_DIRECTORY")?.split(separator: ":").first.map(String.init)
    }

    private static func value(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }
}
