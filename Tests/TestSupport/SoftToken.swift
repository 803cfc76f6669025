import Foundation
import Glibc

/// A token of SoftHSM, a PKCS #11 module without hardware; its PIN is in no way secret.
///
/// The module takes the directory of its tokens from the environment: all tokens that a test process itself sees are in
/// one, and those that only programs see which it starts have each a directory of their own.
package final class SoftToken: Sendable {
    /// The token's name.
    package let name: String
    /// What a user logs in with.
    package let pin = "5678"
    /// A file with the line that `certutil -f` takes.
    package var passwordFile: String { directory.file("password") }
    /// That line.
    package var passwordLine: String { "\(name):\(pin)\n" }

    /// What `SOFTHSM2_CONF` has to say for a program to see the token.
    package let configuration: String

    private let directory: TemporaryDirectory

    /// The module of the Debian package `softhsm2`.
    package static let library = "/usr/lib/softhsm/libsofthsm2.so"

    /// The configuration of the directory that this process sees, once the environment names it.
    private static let shared = Result {
        let tokens = try TemporaryDirectory("softhsm")
        let file = try configure(tokens)
        unsafe setenv("SOFTHSM2_CONF", file, 1)
        return (tokens, file)
    }

    private static func configure(_ tokens: TemporaryDirectory) throws -> String {
        let configuration = "directories.tokendir = \(tokens.path)\nlog.level = ERROR\n"
        return try tokens.write(configuration.utf8, to: "softhsm2.conf")
    }

    /// Makes an empty token, which only programs see that are told of it where it is `apart`.
    package init(_ name: String, apart: Bool = false) throws {
        self.name = name
        directory = try TemporaryDirectory("token")
        configuration = try apart ? Self.configure(directory) : Self.shared.get().1
        try directory.write("\(name):\(pin)\n".utf8, to: "password")
        try run("softhsm2-util", ["--init-token", "--free", "--label", name, "--so-pin", "1234", "--pin", pin])
    }

    deinit {
        _ = try? run("softhsm2-util", ["--delete-token", "--token", name])
    }

    /// Runs a program that sees the token.
    @discardableResult
    func run(_ program: String, _ arguments: [String]) throws -> ToolOutput {
        try runTool("env", ["SOFTHSM2_CONF=\(configuration)", program] + arguments)
    }

    /// Gives the token a wrong PIN, as another program would.
    package func logInWrongly() {
        _ = try? run("softhsm2-util", ["--show-slots", "--token", name, "--pin", "0000"])
    }
}
