import Collectors
import FoundationEssentials

/// A directory of its own for one test, gone with the test.
final class TemporaryRoot {
    let path: String

    /// Creates a root with these files in it.
    init(_ files: [String: String] = [:]) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "collectors-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in files { try write(Data(text.utf8), to: name) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func root(denying denied: Set<String> = []) throws -> HostRoot {
        try HostRoot(at: path, denying: denied)
    }

    func write(_ data: Data, to name: String) throws {
        try prepare(name)
        try data.write(to: URL(filePath: path).appending(path: name))
    }

    func link(_ name: String, to destination: String) throws {
        try prepare(name)
        try FileManager.default.createSymbolicLink(atPath: "\(path)/\(name)", withDestinationPath: destination)
    }

    private func prepare(_ name: String) throws {
        let parent = URL(filePath: path).appending(path: name).deletingLastPathComponent().path
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    }
}
