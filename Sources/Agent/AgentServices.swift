internal import ConfigurationFile
public import PostureModel
public import Reporting

extension AgentConfiguration {
    /// The side with the keys, in this process.
    ///
    /// - Throws: an error that says what to do, where the device's key cannot be had.
    public func source(root: String, now: @escaping @Sendable () -> Timestamp) throws -> LocalSource {
        LocalSource(
            machine: Machine(root: root, configuration: self),
            configuration: self,
            key: try DeviceKey(in: keyDirectory),
            now: now
        )
    }

    /// The delivery of what `source` signs to the scorer that the configuration names.
    ///
    /// - Throws: an error that says what to do, where no scorer is configured.
    public func delivery(from source: any MessageSource) throws -> Delivery {
        guard let scorer else {
            throw AgentError("no scorer is configured: set scorer.url in postured.toml")
        }
        let client = ScorerClient(
            audience: scorer.url,
            caFile: scorer.caFile,
            userAgent: "postured/\(Version.text)"
        )
        return Delivery(to: client, from: source, enrolmentToken: { try scorer.enrolmentToken() })
    }
}

extension AgentConfiguration.Scorer {
    /// The token of the file; nil where none is configured, or the file is not there any more.
    func enrolmentToken() throws -> String? {
        guard let path = enrolmentTokenFile else { return nil }
        let text: [UInt8]
        do { text = try readFile(path, limit: 4096) } catch { guard error.isAbsence else { throw error }; return nil }
        let token = String(decoding: text, as: UTF8.self).trimmed()
        return token.isEmpty ? nil : token
    }
}

/// Why the agent cannot do what it was asked to.
public struct AgentError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A sentence that says what to do.
    public let description: String

    init(_ description: String) { self.description = description }
}
