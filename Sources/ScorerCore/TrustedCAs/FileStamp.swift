internal import Glibc

/// The times and the identity of a file, which tell whether it changed, without reading it.
struct FileStamp: Sendable, Equatable {
    private let numbers: [Int]

    /// The stamp of the file at `path`; nil where there is none, or where it changed so lately that it may change again
    /// without its times being others: they are no finer than the kernel's tick.
    init?(_ path: String) {
        var status = stat()
        var now = timespec()
        guard unsafe stat(path, &status) == 0, unsafe clock_gettime(CLOCK_REALTIME, &now) == 0,
            abs(now.tv_sec - status.st_ctim.tv_sec) > 1
        else { return nil }
        numbers = [
            Int(truncatingIfNeeded: status.st_dev), Int(truncatingIfNeeded: status.st_ino), Int(status.st_size),
            status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
        ]
    }
}
