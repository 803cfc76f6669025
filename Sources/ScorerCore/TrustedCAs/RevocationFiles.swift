internal import Blocking
internal import ConfigurationFile
internal import Logging
internal import OpenSSLBridge
internal import PostureModel

/// The CRLs of files, read again when a file changes, which is looked for once a second at most.
///
/// A file that is gone or broken leaves the lists as they were. An older list is read as any other: ``NewestLists`` does not
/// go back to it.
actor RevocationFiles {
    /// The lists of each file.
    typealias Lists = [String: [RevocationEntry]]

    private struct File: Sendable {
        var stamp: FileStamp?
        var digest: [UInt8]
        var lists: [RevocationEntry]
        var isBroken = false
    }

    private enum Look: Sendable {
        case unchanged
        case read(File)
        case broken(FileStamp?, ConfigurationError)
    }

    private let logger: Logger
    private let queue = BlockingQueue(label: "crls")
    private var files: [String: File] = [:]
    private var lookedAt: Timestamp
    private var inFlight: Task<Void, Never>?

    /// Reads the files at these paths.
    init(_ paths: Set<String>, logger: Logger, at now: Timestamp) throws(ConfigurationError) {
        self.logger = logger
        lookedAt = now
        var files: [String: File] = [:]
        for path in paths {
            switch Self.look(at: path, known: nil) {
            case .unchanged: break
            case .read(let file): files[path] = file
            case .broken(_, let error): throw error
            }
        }
        self.files = files
    }

    /// The lists of each file, as of `now`.
    func lists(at now: Timestamp) async -> Lists {
        if inFlight == nil, !files.isEmpty, abs(now.seconds(since: lookedAt)) >= 1 {
            lookedAt = now
            inFlight = Task { await refresh() }
        }
        await inFlight?.value
        return files.mapValues(\.lists)
    }

    private func refresh() async {
        defer { inFlight = nil }
        let known = files
        guard let looks = try? await queue.run({ known.map { ($0.key, Self.look(at: $0.key, known: $0.value)) } })
        else {
            return
        }
        for (path, look) in looks { take(look, of: path) }
    }

    private func take(_ look: Look, of path: String) {
        switch look {
        case .unchanged: break
        case .read(let file):
            if files[path]?.digest != file.digest || files[path]?.isBroken == true {
                logger.notice("CRLs read again", metadata: ["file": "\(path)", "lists": "\(file.lists.count)"])
            }
            files[path] = file
        case .broken(let stamp, let error):
            if files[path]?.isBroken == false {
                logger.error("the CRLs of a file cannot be read; the last ones stay", metadata: ["error": "\(error)"])
            }
            files[path]?.stamp = stamp
            files[path]?.isBroken = true
        }
    }

    private static func look(at path: String, known: File?) -> Look {
        // Before the file is read: what changes meanwhile has another stamp.
        let stamp = FileStamp(path)
        if let known, let stamp, known.stamp == stamp { return .unchanged }
        do throws(ConfigurationError) {
            let bytes = try readFile(path, limit: RevocationList.sizeLimit)
            try checkOwnership(of: [path])
            let digest = Digest.sha256(bytes)
            if let known, known.digest == digest {
                return .read(File(stamp: stamp, digest: digest, lists: known.lists))
            }
            return .read(File(stamp: stamp, digest: digest, lists: try entries(of: bytes, path)))
        } catch { return .broken(stamp, error) }
    }

    private static func entries(of bytes: [UInt8], _ path: String) throws(ConfigurationError) -> [RevocationEntry] {
        do throws(PEMError) {
            return try RevocationList.parse(bytes).map(RevocationEntry.init)
        } catch { throw ConfigurationError(path, error, insteadOf: .revocationList) }
    }
}
