internal import Glibc

/// What systemd tells a service (systemd.exec(5)).
enum Environment {
    /// The directory of its credentials.
    static var credentials: String? { value("CREDENTIALS_DIRECTORY") }
    /// The first of its state directories.
    static var stateDirectory: String? {
        value("STATE_DIRECTORY")?.split(separator: ":").first.map(String.init)
    }

    /// The variables that name a proxy (libcurl-env(3)).
    static var proxies: [String: String] {
        let names = ["https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"]
        return [String: String](uniqueKeysWithValues: names.compactMap { name in value(name).map { (name, $0) } })
    }

    private static func value(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }
}
