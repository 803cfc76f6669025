package import ConfigurationFile
internal import Glibc
internal import PostureModel

/// A configuration that can be used, and why it is not the newest, if it is not.
package struct LoadedConfiguration: Sendable {
    /// The configuration.
    package let configuration: AgentConfiguration
    /// What is wrong with the newest one; the last good one is used then.
    package let flaw: ConfigurationError?
    /// The file that the flaw is about: when it changes, or comes, the newest one is worth another look.
    package var flawedFile: String? { flaw?.file }

    /// Reads the configuration at `path`; where that cannot be used, the last one that could.
    ///
    /// A mistake in a file must not lock a fleet out. What can be used is remembered in `directory`, which nobody else
    /// may write to; by the side with the keys and by the one with the network each for itself. Without a directory, it is
    /// not.
    ///
    /// One that names no scorer cannot be used: it is nobody's, as a package brings it, perhaps in the place of a good one.
    ///
    /// - Throws: what is wrong with the newest one, where there is no last good one.
    package init(at path: String, rememberedIn directory: String?, credentials: String?) throws(ConfigurationError) {
        let memory = directory.map { "\($0)/last-good-configuration.json" }
        do throws(ConfigurationError) {
            let files = try ConfigurationFile.withDropIns(at: path)
            let newest = try AgentConfiguration(of: files, credentials: credentials)
            guard newest.scorer != nil else {
                throw ConfigurationError(path, "no scorer is configured: set scorer.url, here or in \(path).d")
            }
            (configuration, flaw) = (newest, nil)
            // Without a place to remember it there is no last good one, and that is all.
            let bytes = try? Wire.encode(Remembered(files: files.map { .init(path: $0.path, text: $0.text) }))
            if let directory, let memory, let bytes, (try? readFile(memory, limit: Self.limit, isOwn: true)) != bytes {
                _ = unsafe mkdir(directory, 0o700)
                try? replaceFile(memory, with: bytes)
            }
        } catch {
            guard let memory, let bytes = try? readFile(memory, limit: Self.limit, isOwn: true),
                let remembered = try? Wire.decode(Remembered.self, from: bytes)
            else { throw error }
            let files = remembered.files.map { ConfigurationFile(path: $0.path, text: $0.text) }
            // It may name a file that is gone since: the newest one's flaw is the one to mend.
            guard let lastGood = try? AgentConfiguration(of: files, credentials: credentials) else { throw error }
            (configuration, flaw) = (lastGood, error)
        }
    }

    private static let limit = 80 * 1024 * 1024

    private struct Remembered: Codable {
        var files: [File]

        struct File: Codable {
            var path: String
            var text: String
        }
    }
}
