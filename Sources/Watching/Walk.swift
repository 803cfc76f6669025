import Glibc

/// What of a directory is of interest on the way to a path.
enum Interest: Hashable {
    /// That it goes or moves: it is on the way, and what else is in it does not matter.
    case itself
    /// One name in it.
    case name(String)
    /// All that is right in it.
    case everything
}

/// Walks to `path` as the kernel does, through symbolic links, as far as there is something.
///
/// `visit` gets each directory before anything is looked for in it, so that nothing happens in between, and returns an
/// errno.
///
/// - Returns: 0 if the path is watched so far as it is there, or the errno of what stopped the walk.
func walk(_ path: String, visit: (_ directory: String, _ interest: Interest) -> CInt) -> CInt {
    guard path.hasPrefix("/") else { return EINVAL }
    // The next name is the last of these.
    var pending = Array(path.split(separator: "/").reversed())
    var place: [Substring] = []
    var links = 0
    // A directory in use tells of its removal only when it is free; its parent tells at once.
    defer { if let name = place.popLast() { _ = visit(absolute(place), .name(String(name))) } }
    while let name = pending.popLast() {
        if name == "." { continue }
        if name == ".." {
            _ = place.popLast()
            continue
        }
        let next = absolute(place + [name])
        if mode(of: next).type == S_IFDIR, visit(next, .itself) == 0 {
            place.append(name)
            continue
        }
        let visited = visit(absolute(place), .name(String(name)))
        switch mode(of: next) {
        case (S_IFDIR, _): place.append(name)
        case (S_IFLNK, _):
            links += 1
            // As many as the kernel follows.
            guard links <= 40, let target = target(of: next) else { return ELOOP }
            if target.hasPrefix("/") { place = [] }
            pending += target.split(separator: "/").reversed()
        case (_, 0), (_, ENOENT): return visited
        case (_, let code): return code
        }
    }
    return visit(absolute(place), .everything)
}

private func absolute(_ names: [Substring]) -> String { "/" + names.joined(separator: "/") }

/// The type of what is there, or an errno.
private func mode(of path: String) -> (type: mode_t, code: CInt) {
    var status = stat()
    return unsafe lstat(path, &status) == 0 ? (status.st_mode & S_IFMT, 0) : (0, errno)
}

private func target(of link: String) -> String? {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe readlink(link, &bytes, bytes.count)
    return count < 0 ? nil : String(decoding: bytes.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
}
