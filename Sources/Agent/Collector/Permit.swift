internal import Files
internal import Glibc
package import PostureModel

/// Where root permits the service what it may not do by itself: to retire the device, or to replace its key.
///
/// A permit is an empty file that nobody but root could have put there, for as long as the command runs that asks for it.
package struct PermitDirectory: Sendable {
    private let path: String
    private let provenance: @Sendable (_ path: String) -> Provenance

    /// Names the directory, which only root may write to.
    package init(_ path: String = "/run") { self.init(path) { Provenance(of: $0) } }

    init(_ path: String, provenance: @escaping @Sendable (_ path: String) -> Provenance) {
        (self.path, self.provenance) = (path, provenance)
    }

    private func file(_ type: MessageType) -> String { "\(path)/postured-permit-\(type)" }

    /// Seconds for which a permit holds: the command that gave it may have been killed.
    private static let lifetime = 900

    /// Whether a kind of message is permitted now.
    func permits(_ type: MessageType) -> Bool {
        let file = file(type)
        var status = stat()
        guard case .roots = provenance(file), unsafe lstat(file, &status) == 0 else { return false }
        return (0...Self.lifetime).contains(time(nil) - status.st_mtim.tv_sec)
    }

    /// Permits a kind of message for as long as `body` runs.
    ///
    /// - Throws: an error that says that only root may, or what `body` throws.
    package func permitting<Value>(_ type: MessageType, _ body: () async throws -> Value) async throws -> Value {
        let file = file(type)
        unsafe unlink(file)
        do throws(FileError) {
            _ = try RegularFile(file, O_WRONLY | O_CREAT | O_EXCL, followingLinks: false)
        } catch {
            throw AgentError("only root may do this: \(error)")
        }
        defer { unsafe unlink(file) }
        return try await body()
    }
}
