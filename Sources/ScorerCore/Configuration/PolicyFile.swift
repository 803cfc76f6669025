package import ConfigurationFile
internal import OpenSSLBridge
internal import PostureModel
package import Scoring

/// A policy with the text that it was read from: what says whether it is another one.
package struct PolicyFile: Sendable {
    /// The text; empty for the standard policy.
    package let text: String
    /// The policy that it holds.
    package let policy: Policy

    /// The standard policy.
    package static let standard = PolicyFile(text: "", policy: .standard)

    /// A policy that was not read from a file.
    package init(text: String, policy: Policy) { (self.text, self.policy) = (text, policy) }

    /// Reads a policy's file, and checks it as a whole.
    ///
    /// - Throws: an error that names the file and the key, and the line where the parser knows it.
    package init(at path: String) throws(ConfigurationError) {
        try self.init(of: ConfigurationFile(at: path))
    }

    /// Reads a policy's text, which was in force before.
    package init(text: String) throws(ConfigurationError) {
        try self.init(of: ConfigurationFile(path: "the policy in force before", text: text))
    }

    private init(of file: ConfigurationFile) throws(ConfigurationError) {
        let policy = try file.decode(Policy.self)
        if let problem = policy.problem { throw ConfigurationError(file.path, problem) }
        self.init(text: file.text, policy: policy)
    }

    /// The SHA-256 of the text, in base64url.
    package var digest: String { Base64URL.encode(Digest.sha256(Array(text.utf8))) }
}
