import CLinuxShims

/// Something that is not watched, and why.
package struct Unwatched: Error, Sendable, Equatable, CustomStringConvertible {
    /// A path as it was asked for, or else `rtnetlink`, `clock` or `changes`: these words are not absolute paths.
    package let what: String
    /// The errno: `EACCES` for a directory that this user may not read, `ENOSPC` where this user has too many watches.
    ///
    /// - SeeAlso: <https://man7.org/linux/man-pages/man2/inotify_add_watch.2.html>
    package let code: CInt

    /// The C library's words for the errno, in lower case as within a sentence.
    package var reason: String {
        guard let text = unsafe CLinuxShims_error_description(code) else { return "error \(code)" }
        return unsafe String(cString: text).lowercased()
    }

    /// One sentence: what, and why.
    package var description: String { "\(what) is not watched: \(reason)" }
}
