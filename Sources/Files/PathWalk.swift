internal import Glibc

/// The way that the kernel takes to a file: every directory it looks into, also those behind symbolic links.
///
/// realpath(3) would show only the directories above the end: whoever may write the one that holds a link decides too.
package struct PathWalk: Equatable {
    /// The directories in the order in which they are looked into, from `/` on, with their paths resolved.
    package let directories: [FileAccess]
    /// What is at the end; its path has no links left.
    package let end: FileAccess

    package init(directories: [FileAccess], end: FileAccess) {
        self.directories = directories
        self.end = end
    }

    /// As many as the kernel follows.
    private static let linkLimit = 40

    /// Walks without opening anything; a relative path starts at the working directory.
    ///
    /// - Throws: ``PathError`` where something on the way is not there, is no directory or may not be looked into.
    package init(to path: String) throws(PathError) {
        var pending = try PathWalk.components(of: PathWalk.absolute(path))
        var seen = [try FileAccess(ofPath: "/")]
        // The directory that we are in is the last of these.
        var place = seen
        var links = 0
        while let name = pending.popLast() {
            if name == ".." {
                if place.count > 1 { place.removeLast() }
                continue
            }
            let prefix = place.count == 1 ? "" : place[place.count - 1].path
            let next = try FileAccess(ofPath: "\(prefix)/\(name)")
            if next.isLink {
                links += 1
                let target = try PathWalk.target(of: next.path)
                guard links <= PathWalk.linkLimit, !target.isEmpty else { throw PathError(path: path, number: ELOOP) }
                if target.hasPrefix("/") { place.removeSubrange(1...) }
                pending += PathWalk.components(of: target)
            } else if next.isDirectory {
                place.append(next)
                if !seen.contains(next) { seen.append(next) }
            } else {
                guard pending.isEmpty else { throw PathError(path: next.path, number: ENOTDIR) }
                directories = seen
                end = next
                return
            }
        }
        directories = seen
        end = place[place.count - 1]
    }

    /// Says who besides root and `users` could put something else at the end, or nil where nobody could.
    ///
    /// `sticky` is whether a directory like `/tmp` will do on the way: there everybody may add, and nobody replace.
    /// `outOfReach` is whether what is below a directory that others may not look into will do, whatever its mode.
    package func untrustedWriter(
        besides users: Set<UInt32> = [],
        sticky: Bool = false,
        outOfReach: Bool = false
    ) -> String? {
        let held = directories.map { directory in
            var directory = directory
            if sticky, directory.isSticky, directory.path != end.path { directory.mode &= ~0o022 }
            return directory
        }
        return (held + [end]).lazy
            .filter { !outOfReach || isInReach($0, besides: users) }
            .compactMap { $0.untrustedUser(with: .write, besides: users) }.first
    }

    /// Whether others get as far as this file or directory of the walk.
    ///
    /// By where it really is: a link or `..` may lead out of a closed directory again.
    package func isInReach(_ access: FileAccess, besides users: Set<UInt32>) -> Bool {
        !directories.contains { directory in
            access.path.hasPrefix(directory.path == "/" ? "/" : "\(directory.path)/") && access.path != directory.path
                && directory.untrustedUser(with: .search, besides: users) == nil
        }
    }

    /// The names of a path, the last one first.
    private static func components(of path: String) -> [String] {
        path.split(separator: "/").reversed().map(String.init).filter { $0 != "." }
    }

    private static func absolute(_ path: String) throws(PathError) -> String {
        guard !path.hasPrefix("/") else { return path }
        guard let directory = unsafe getcwd(nil, 0) else { throw PathError(path: path, number: errno) }
        defer { unsafe free(directory) }
        return "\(unsafe String(cString: directory))/\(path)"
    }

    private static func target(of link: String) throws(PathError) -> String {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink(link, &bytes, bytes.count)
        guard count >= 0 else { throw PathError(path: link, number: errno) }
        return String(decoding: bytes.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
