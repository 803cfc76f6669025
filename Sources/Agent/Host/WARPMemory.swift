internal import ConfigurationFile
internal import Files
internal import Glibc
internal import PostureModel

/// The ids that the WARP client told last, and when: one file in the directory of the device's key.
///
/// An agent that cannot tell the ids repeats these for an hour, also after a reboot.
struct WARPMemory: Sendable {
    private let path: String
    private static let limit = 4 * 1024

    /// The memory in a directory.
    init(in directory: String) { path = "\(directory)/warp-ids.json" }

    /// What is remembered; nil where there is nothing, or nothing that this user wrote and can read.
    var ids: WARPIDs? {
        guard let bytes = try? readFile(path, limit: Self.limit, isOwn: true),
            let remembered = try? Wire.decode(WARPIDs.self, from: bytes),
            (1...WARPIDs.limit).contains(remembered.ids.count),
            remembered.ids.allSatisfy({ (1...128).contains($0.utf8.count) })
        else { return nil }
        return remembered
    }

    /// Remembers what the client tells, and forgets it where there is no client any more.
    ///
    /// Where it cannot be written, a report that cannot tell the ids will say so.
    func learn(_ told: Observation<[String]>, at now: Timestamp) {
        switch told {
        case .observed(let ids):
            let ids = WARPIdentity.merged(ids, [])
            guard !ids.isEmpty, let bytes = try? Wire.encode(WARPIDs(ids: ids, readAt: now)) else { return }
            try? replaceFile(path, with: bytes)
        case .notApplicable: unsafe unlink(path)
        case .unreadable, .notReported: break
        }
    }
}
