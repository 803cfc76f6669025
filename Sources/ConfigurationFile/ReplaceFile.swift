internal import Files
internal import Glibc

/// Replaces the file at `path` as a whole, or leaves it as it was: after a crash there is the old one or the new one.
///
/// The new one is written beside it, synced, renamed into its place, and the directory is synced. Nobody but this user may
/// read it. Another writer of the same file is waited for, as long as `patience`.
package func replaceFile(
    _ path: String,
    with bytes: [UInt8],
    patience: Duration = .seconds(5)
) throws(ConfigurationError) {
    let draft = "\(path).new"
    do throws(FileError) {
        // The lock is held until the draft has its name.
        let file = try lockedDraft(draft, ContinuousClock.now + patience)
        do throws(FileError) {
            try file.write(bytes)
            try file.move(to: path)
        } catch {
            unsafe unlink(draft)
            throw error
        }
        try syncDirectory(parentDirectory(of: path))
    } catch {
        throw ConfigurationError(error.path, "cannot be written: \(error.sentence)")
    }
}

/// The draft of a new file, locked: of two writers the second waits for the first, whose draft is then gone.
///
/// One that a crash left is taken up again. What is no file is removed: it was put there to be in the way.
private func lockedDraft(_ path: String, _ deadline: ContinuousClock.Instant) throws(FileError) -> RegularFile {
    while true {
        let left = max(.zero, ContinuousClock.now.duration(to: deadline))
        do throws(FileError) {
            let file = try RegularFile(path, O_WRONLY | O_CREAT, followingLinks: false)
            try file.lock(within: left)
            if try file.isInPlace() { return file }
        } catch {
            guard error.code == .notRegular, unsafe unlink(path) == 0 || errno == ENOENT else { throw error }
        }
        guard left > .zero else { throw FileError(path, .locked(.zero)) }
    }
}
