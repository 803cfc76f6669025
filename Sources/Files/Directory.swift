internal import Glibc

/// Has a directory's entries on the disk: after a crash a file that was made or renamed in it has its name.
package func syncDirectory(_ path: String) throws(FileError) {
    let directory = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { throw FileError(path, .system(errno)) }
    defer { close(directory) }
    guard fsync(directory) == 0 else { throw FileError(path, .system(errno)) }
}

/// The directory that a file is in, by its path.
package func parentDirectory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}
