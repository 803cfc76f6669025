internal import Glibc

/// Replaces the file at `path` as a whole, or leaves it as it was: after a crash there is the old one or the new one.
///
/// The new one is written beside it, synced, renamed into its place, and the directory is synced. Nobody but this user may
/// read it.
public func replaceFile(_ path: String, with bytes: [UInt8]) throws(ConfigurationError) {
    let draft = "\(path).new"
    let file = try lockedDraft(draft)
    // The lock is held until the draft has its name: it ends with this.
    defer { close(file) }
    var flaw: CInt = 0
    var written = 0
    while written < bytes.count, flaw == 0 {
        let count = unsafe bytes[written...].withUnsafeBytes { unsafe write(file, $0.baseAddress, $0.count) }
        if count >= 0 { written += count } else if errno != EINTR { flaw = errno }
    }
    if flaw == 0, fsync(file) != 0 { flaw = errno }
    if flaw == 0, unsafe rename(draft, path) != 0 { flaw = errno }
    guard flaw == 0 else {
        unsafe unlink(draft)
        throw ConfigurationError(path, "cannot be written: \(systemText(flaw))")
    }
    let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let directory = unsafe open(parent.isEmpty ? "/" : parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { throw ConfigurationError(parent, systemText(errno)) }
    defer { close(directory) }
    guard fsync(directory) == 0 else { throw ConfigurationError(parent, systemText(errno)) }
}

/// The draft of a new file, empty and locked: of two writers the second waits for the first, whose draft is then gone.
///
/// One that a crash left is taken up again.
private func lockedDraft(_ path: String) throws(ConfigurationError) -> CInt {
    while true {
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0, flock(file, LOCK_EX) == 0 else {
            throw ConfigurationError(path, "cannot be written: \(systemText(errno))")
        }
        var (opened, named) = (stat(), stat())
        if unsafe fstat(file, &opened) == 0, unsafe stat(path, &named) == 0, opened.st_ino == named.st_ino {
            guard ftruncate(file, 0) == 0 else {
                throw ConfigurationError(path, "cannot be written: \(systemText(errno))")
            }
            return file
        }
        close(file)
    }
}
