import Collectors
import Glibc

/// Notices changes of files and directories, also of those that are not there yet, or go and come back.
///
/// Each path is watched from `/` down: the directories on the way for going or moving, the last of them also for the
/// next name, and a directory at the end as a whole. What another machine does on a network file system, and a mount
/// over a directory, is not seen.
///
/// - SeeAlso: <https://man7.org/linux/man-pages/man7/inotify.7.html>
struct FileChanges {
    let descriptor: Descriptor
    /// The paths that are not watched at the moment.
    private(set) var unwatched: [Unwatched] = []
    private let paths: Set<String>
    /// What each watch is for: interests in its directory, and the paths that have them.
    private var interests: [CInt: [(Interest, path: String)]] = [:]

    /// What changes a file or a directory; to open and to read it do not.
    ///
    /// IN_ATTRIB, because a mode can make a file readable.
    private static let within =
        UInt32(IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB)
    private static let itself = UInt32(IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_MASK_ADD)

    init(_ paths: [String]) throws(Unwatched) {
        let result = inotify_init1(CInt(IN_CLOEXEC | IN_NONBLOCK))
        descriptor = try Descriptor(owning: result < 0 ? -errno : result, of: "changes")
        self.paths = Set(paths)
        arm()
    }

    /// Takes what has come, watches what is there now, and returns the paths that changed.
    mutating func changed() -> Set<String> {
        var changed: Set<String> = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        // A flood is taken in portions; poll(2) says that there is more.
        for _ in 0..<64 {
            let count = descriptor.read(into: &buffer)
            guard count > 0 else { break }
            changed.formUnion(events(in: buffer.span.extracting(first: count)))
        }
        if !changed.isEmpty { arm() }
        return changed
    }

    /// The paths that the events are about.
    ///
    /// Each is a 16-byte `inotify_event` (watch, mask, cookie, length) and a name that is filled up with NULs.
    private func events(in bytes: Span<UInt8>) -> Set<String> {
        var changed: Set<String> = []
        var start = 0
        while bytes.count - start >= 16 {
            let watch = CInt(truncatingIfNeeded: bytes.integer(at: start, bytes: 4))
            let mask = UInt32(bytes.integer(at: start + 4, bytes: 4))
            let end = min(start + 16 + bytes.integer(at: start + 12, bytes: 4), bytes.count)
            let name = String(decoding: (start + 16..<end).map { bytes[$0] }.prefix { $0 != 0 }, as: UTF8.self)
            start = end
            // Events were lost: any path may have changed.
            if mask & UInt32(IN_Q_OVERFLOW) != 0 { return paths }
            for (interest, path) in interests[watch] ?? [] {
                // An event without a name is about the directory itself.
                if name.isEmpty || interest == .everything || interest == .name(name) { changed.insert(path) }
            }
        }
        return changed
    }

    /// Watches each path as far as it goes now, and nothing else.
    ///
    /// To watch a directory again gives the same number, and loses no events.
    private mutating func arm() {
        let before = interests
        interests = [:]
        unwatched = []
        for path in paths.sorted() {
            let code = walk(path) { directory, interest in
                let mask = interest == .itself ? FileChanges.itself : FileChanges.itself | FileChanges.within
                let watch = unsafe inotify_add_watch(descriptor.number, directory, mask)
                if watch < 0 { return errno }
                interests[watch, default: []].append((interest, path))
                return 0
            }
            if code != 0 { unwatched.append(Unwatched(what: path, code: code)) }
        }
        for watch in before.keys where interests[watch] == nil {
            inotify_rm_watch(descriptor.number, watch)
        }
    }
}
