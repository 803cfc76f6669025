internal import Agent
internal import Blocking
internal import ConfigurationFile
internal import Daemon
internal import Files
internal import Glibc
internal import LocalSocket
package import PostureModel

/// An archive for whoever helps from afar: how things stand, without secrets.
///
/// No serial number, no hardware address, no WARP id, no token, password or key is in it; the host's name is.
package struct Bundle: Sendable {
    /// What the archive is to be called if nobody says otherwise.
    package let name: String
    /// A tar archive.
    package let bytes: [UInt8]

    /// Gathers what there is to see for this user; what cannot be seen is in the archive as a sentence that says so.
    package init(of subject: Examination.Subject, now: @escaping @Sendable () -> Timestamp) async {
        let examination = Examination(of: subject, now: now)
        let configuration = await examination.readConfiguration().configuration
        async let diagnosis = examination.run()
        let daemon = await examination.askDaemon()
        async let seen = examination.freshView(daemon)
        // Facts alone do not hang where a database does, and the serial numbers have to be known.
        let facts = await Self.look(subject, .empty, now)
        let own = await Self.look(subject, configuration ?? .empty, now)
        var view = own?.withoutSerials()
        if case .seen(let daemons) = await seen { view = daemons }

        let moment = now()
        let files = Self.files(subject.configuration)
        let written = files.texts.flatMap { ShownConfiguration.secrets(of: $0.text) } + examination.proxySecrets
        let redaction = Redaction(secrets: Self.secrets(configuration, facts) + written)
        let host = Self.host
        let stamp = moment.description.filter { $0.isNumber || $0.isLetter }
        name = "postured-\(host)-\(stamp).tar"
        var archive = TarArchive(at: moment.seconds)
        func add(_ name: String, _ text: String) { archive.add("postured/\(name)", redaction(text)) }
        add("versions.txt", Self.versions(subject.root))
        add("status.json", Self.json(daemon.status, daemon.error))
        add("doctor.json", Self.json(await diagnosis, nil))
        add("facts.json", Self.json(view?.facts, "nobody could look"))
        add("check.json", Self.json(view.map { ["checks": $0.checks] }, "nobody could look"))
        for (index, file) in files.texts.enumerated() {
            // A drop-in's name is anybody's: it is in the text and not in the archive's own.
            let name = index == 0 ? "postured" : "drop-in-\(index)"
            let flaw = index == 0 ? files.flaw.map { "# \($0.printable())\n" } ?? "" : ""
            add("configuration/\(name).toml", "# \(file.path)\n\(flaw)\(ShownConfiguration.text(of: file.text))\n")
        }
        bytes = archive.whole
    }

    /// Writes the archive to a new file that this user alone may read; one that is there is never replaced.
    ///
    /// - Throws: a sentence that names the file.
    package func write(to path: String) throws(BundleError) {
        do throws(FileError) {
            let file = try RegularFile(path, O_WRONLY | O_CREAT | O_EXCL, followingLinks: false)
            do throws(FileError) { try file.write(bytes) } catch {
                unsafe unlink(path)
                throw error
            }
        } catch { throw BundleError(error) }
    }

    // MARK: - What goes into it

    private static func look(
        _ subject: Examination.Subject,
        _ configuration: AgentConfiguration,
        _ now: @escaping @Sendable () -> Timestamp
    ) async -> MachineView? {
        try? await within(.seconds(10)) {
            try await HostInspector(root: subject.root, configuration: configuration).look(now)
        }
    }

    /// What is to be found nowhere in the archive, as far as this user knows it.
    private static func secrets(
        _ configuration: AgentConfiguration?,
        _ view: MachineView?
    ) -> [String] {
        var secrets = view?.serials ?? []
        secrets += view?.facts.macs.value?.map { "\($0.address)" } ?? []
        secrets += (view?.warpIDs.value?.ids ?? []) + (configuration?.warpIDs ?? [])
        let tokens = [configuration?.scorer?.enrolmentToken, configuration?.scorer?.serviceToken].compactMap(\.self)
        var files = tokens.compactMap(file)
        for check in configuration?.checks ?? [] {
            if case .database(_, let password?) = check.source {
                files += [file(.credential(password))].compactMap(\.self)
            }
        }
        for file in files {
            guard let bytes = try? readFile(file, limit: 64 * 1024) else { continue }
            // A line may be a name, a colon and a secret.
            secrets += String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).flatMap { line in
                ["\(line)".trimmed()]
                    + (line.firstIndex(of: ":").map { ["\(line[line.index(after: $0)...])".trimmed()] } ?? [])
            }
        }
        return secrets
    }

    private static func file(_ secret: Secret) -> String? {
        switch secret {
        case .file(let path): path
        case .credential(let credential): credential.directory.map { "\($0)/\(credential.name)" }
        }
    }

    private static func json(_ value: (some Encodable)?, _ reason: String?) -> String {
        let text: String?
        if let value {
            text = try? Wire.pretty(value)
        } else {
            text = try? Wire.pretty(["error": reason ?? "no answer"])
        }
        return (text ?? "{}") + "\n"
    }

    /// The configuration's files, or the first of them and why there are no others.
    private static func files(_ path: String) -> (texts: [(path: String, text: String)], flaw: String?) {
        do {
            return (try ConfigurationFile.withDropIns(at: path).map { ($0.path, $0.text) }, nil)
        } catch {
            let text = (try? readFile(path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
            return ([(path, text)], "\(error)")
        }
    }

    private static func versions(_ root: String) -> String {
        let kernel = KernelName()
        let os = (try? readFile("\(root)/etc/os-release", limit: 64 * 1024)).map { String(decoding: $0, as: UTF8.self) }
        return """
            postured \(Version.text)
            Linux \(kernel.release) \(kernel.machine)

            \(os ?? "os-release cannot be read")

            """
    }

    /// The host's name, as far as it can be part of a file's.
    private static var host: String {
        let plain = KernelName().node.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        return plain.isEmpty ? "host" : String(plain.prefix(63))
    }
}

/// Why the archive could not be written.
package struct BundleError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A sentence that names the file.
    package let description: String

    init(_ error: FileError) {
        let isThere = error.code == .system(EEXIST)
        description = "\(error)\(isThere ? ": it stays as it is; name another with --output" : "")"
    }
}
