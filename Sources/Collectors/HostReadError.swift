import Files
import Glibc

/// Why a path of the host could not be read.
///
/// - Source: the errno of the system call that failed
/// - SeeAlso: <https://man7.org/linux/man-pages/man3/errno.3.html>
package struct HostReadError: Error, Equatable, Sendable {
    /// The absolute path, as seen from inside the root.
    package let path: String
    /// The errno: `ENXIO` for what is no regular file, `EFBIG` for a file longer than its reader allows, `EBADMSG`
    /// for one that its reader does not understand.
    package let code: CInt

    /// Creates an error about `path`, with or without its leading slash.
    package init(path: String, code: CInt) {
        self.path = path.hasPrefix("/") ? path : "/" + path
        self.code = code
    }

    /// Whether nothing is there, as opposed to something that could not be read.
    ///
    /// ENOENT has several meanings: ask for the parent where it matters.
    var isAbsence: Bool { code == ENOENT || code == ENOTDIR }
}

extension HostReadError: CustomStringConvertible {
    /// One sentence that names the path, and what to do where that is known.
    package var description: String {
        let reason =
            switch code {
            case EACCES, EPERM: "permission denied (run as root, or give CAP_DAC_READ_SEARCH)"
            case ENXIO: "not a regular file"
            case EBADMSG: "has something in it that is not understood"
            case EFBIG: "longer than what is read of it"
            default: errorText(code).lowercased()
            }
        return "\(path): \(reason)"
    }
}
