internal import ConfigurationFile
internal import NSSBridge

/// A secret that systemd hands to the service (systemd.exec(5), `LoadCredential=`), by its name.
package struct Credential: Sendable, Equatable {
    /// The name in the unit and in the configuration.
    package let name: String
    /// The directory that systemd named in `CREDENTIALS_DIRECTORY`; nil where it named none.
    package let directory: String?

    /// Names a credential.
    package init(name: String, directory: String?) {
        self.name = name
        self.directory = directory
    }

    /// Names the credential of a key of the configuration.
    init(
        _ name: String,
        of file: ConfigurationFile,
        _ key: String,
        directory: String?
    ) throws(ConfigurationError) {
        guard !name.isEmpty, !name.contains("/"), !name.hasPrefix(".") else {
            throw file.error(key, "'\(name)' is no name of a credential")
        }
        self.init(name: name, directory: directory)
    }

    /// What is in it.
    ///
    /// Read when it is needed, and not kept.
    func bytes(limit: Int) throws -> [UInt8] {
        guard let directory else {
            throw AgentError(
                "the credential '\(name)' is not there, since systemd did not start this program with one: put "
                    + "LoadCredential=\(name):FILE into the unit, or set CREDENTIALS_DIRECTORY by hand"
            )
        }
        return try readFile("\(directory)/\(name)", limit: limit)
    }

    /// The passwords in it, in the form of `certutil -f`.
    func passwords() throws -> TokenPasswords {
        let bytes = try bytes(limit: TokenPasswords.sizeLimit)
        do throws(TokenPasswords.Flaw) { return try TokenPasswords(parsing: bytes.span) } catch {
            throw AgentError("the credential '\(name)' cannot be used: \(error)")
        }
    }
}
