internal import Glibc

/// Whether a file is root's alone to write and to replace: what may be loaded or run by a process with more rights than
/// others have.
package enum Provenance: Sendable, Equatable {
    /// Nobody but root could have put it there; its path without links.
    case roots(path: String)
    /// Nothing is there.
    case absent
    /// Somebody else could have, or that is not known, or it is no regular file: a sentence that says what to do.
    case doubtful(String)

    /// Looks at the file and at every directory on the way to it, also behind symbolic links.
    package init(of path: String) {
        do throws(PathError) {
            let way = try PathWalk(to: path)
            self =
                if let writer = way.untrustedWriter() {
                    .doubtful("others than root may change what it is: \(writer); chown it to root and chmod go-w")
                } else if way.end.isRegular {
                    .roots(path: way.end.path)
                } else {
                    .doubtful("it is not a regular file; remove it")
                }
        } catch {
            self = error.number == ENOENT ? .absent : .doubtful("\(error)")
        }
    }
}
