internal import Glibc

/// Files that are on the disk, whole, once a call returns: a crash leaves the file as it was before, or as it is after.
///
/// Each is written beside its place, synced, and then given its name; the directory is synced too. Nobody but this user may
/// read it.
package enum DurableFile {
    /// Makes the file at `path`; one that is there stays as it is.
    ///
    /// - Throws: an error of the code `.system(EEXIST)` where there is one, also one that came meanwhile
    package static func create(_ path: String, with bytes: [UInt8]) throws(FileError) {
        var status = stat()
        if unsafe lstat(path, &status) == 0 { throw FileError(path, .system(EEXIST)) }
        // Each caller has a draft of its own: one of the process's id is shared by its threads, and by containers.
        let draft = "\(path).\(UInt64.random(in: .min ... .max)).new"
        do throws(FileError) {
            let file = try RegularFile(draft, O_WRONLY | O_CREAT | O_EXCL, followingLinks: false)
            defer { unsafe unlink(draft) }
            try file.write(bytes)
            try publish(draft, as: path, replacing: false)
        } catch { throw error.path == draft ? FileError(path, error.code) : error }
    }

    /// Replaces the file at `path` as a whole.
    ///
    /// Another writer of the same file is waited for, as long as `patience`.
    package static func replace(
        _ path: String,
        with bytes: [UInt8],
        patience: Duration = .seconds(5)
    ) throws(FileError) {
        let draft = "\(path).new"
        // The lock is held until the draft has its name.
        let file = try lockedDraft(draft, ContinuousClock.now + patience)
        do throws(FileError) {
            try file.write(bytes)
            try publish(draft, as: path, replacing: true)
        } catch {
            unsafe unlink(draft)
            throw error
        }
    }

    /// Gives a draft, which is synced, its name, and syncs the directory.
    ///
    /// With `replacing` it takes the place of what is there, and is no longer at its own path.
    package static func publish(_ draft: String, as path: String, replacing: Bool) throws(FileError) {
        // link(2) replaces no file, and rename(2) leaves the one before until it has.
        guard unsafe (replacing ? rename(draft, path) : link(draft, path)) == 0 else {
            throw FileError(path, .system(errno))
        }
        try syncDirectory(parentDirectory(of: path))
    }

    /// The draft of a new file, locked: of two writers the second waits for the first, whose draft is then gone.
    ///
    /// One that a crash left is taken up again. What is no file, or not this user's alone, is removed: it was put there to be in
    /// the way, or to be read.
    private static func lockedDraft(_ path: String, _ deadline: ContinuousClock.Instant) throws(FileError)
        -> RegularFile
    {
        while true {
            let left = max(.zero, ContinuousClock.now.duration(to: deadline))
            do throws(FileError) {
                let file = try RegularFile(path, O_WRONLY | O_CREAT, followingLinks: false)
                guard try file.isOwnAlone() else { throw FileError(path, .notRegular) }
                try file.lock(within: left)
                if try file.isInPlace() { return file }
            } catch {
                guard error.code == .notRegular, unsafe unlink(path) == 0 || errno == ENOENT else { throw error }
            }
            guard left > .zero else { throw FileError(path, .locked(.zero)) }
        }
    }
}
