import Foundation
import Glibc

/// A token of SoftHSM, a PKCS #11 module without hardware; its PIN is in no way secret.
///
/// All tokens of a test process are in one directory, for the module takes its name from the environment.
public final class SoftToken: Sendable {
    /// The token's name.
    public let name: String
    /// What a user logs in with.
    public let pin = "5678"
    /// A file with the line that `certutil -f` takes.
    public var passwordFile: String { directory.file("password") }
    /// That line.
    public var passwordLine: String { "\(name):\(pin)\n" }

    private let directory: TemporaryDirectory

    /// The module of the Debian package `softhsm2`.
    public static let library = "/usr/lib/softhsm/libsofthsm2.so"

    /// The name of the tokens of AgentTests, which other suites pass over.
    public static let agentTestsName = "Agent's Token"

    /// The directory of all tokens, once the environment names it.
    private static let tokens = Result {
        let tokens = try TemporaryDirectory("softhsm")
        let configuration = "directories.tokendir = \(tokens.path)\nlog.level = ERROR\n"
        let file = try tokens.write(configuration.utf8, to: "softhsm2.conf")
        unsafe setenv("SOFTHSM2_CONF", file, 1)
        return tokens
    }

    /// Makes an empty token.
    public init(_ name: String) throws {
        _ = try SoftToken.tokens.get()
        self.name = name
        directory = try TemporaryDirectory("token")
        try directory.write("\(name):\(pin)\n".utf8, to: "password")
        let arguments = ["--init-token", "--free", "--label", name, "--so-pin", "1234", "--pin", pin]
        // It trips over tokens that another suite makes or deletes while it counts them.
        for _ in 0..<5 where (try? runTool("softhsm2-util", arguments)) != nil { return }
        try runTool("softhsm2-util", arguments)
    }

    deinit {
        _ = try? runTool("softhsm2-util", ["--delete-token", "--token", name])
    }

    /// Gives the token a wrong PIN, as another program would.
    public func logInWrongly() {
        _ = try? runTool("softhsm2-util", ["--show-slots", "--token", name, "--pin", "0000"])
    }
}
