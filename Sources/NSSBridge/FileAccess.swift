internal import CNSS
internal import Glibc

/// What the kernel says about who may read, write and search a file or a directory.
struct FileAccess: Sendable, Equatable {
    /// The path, for sentences.
    var path: String
    /// The user that it belongs to.
    var owner: UInt32 = 0
    /// The group that the second three bits of the mode are for.
    var group: UInt32 = 0
    /// Type and permissions: `st_mode`.
    var mode: UInt32
    /// Whether an access control list stands beside the mode: then the group's bits are what the list grants at most.
    var hasACL = false

    /// A right, as the three bits of a mode have it.
    enum Right: UInt32 {
        case read = 4
        case write = 2
        case search = 1

        fileprivate var verb: String {
            switch self {
            case .read: "read"
            case .write: "write to"
            case .search: "look into"
            }
        }
    }

    var isDirectory: Bool { mode & S_IFMT == S_IFDIR }
    var isLink: Bool { mode & S_IFMT == S_IFLNK }
    var isRegular: Bool { mode & S_IFMT == S_IFREG }
    /// Whether nobody but an entry's owner may rename or remove it in this directory.
    var isSticky: Bool { mode & S_ISVTX != 0 }

    /// Says who has the right besides root and some users, or nil where nobody has.
    ///
    /// Root's group is as good as root.
    func stranger(with right: Right, besides users: Set<UInt32>) -> String? {
        // An owner has what the mode denies for the asking.
        guard owner == 0 || users.contains(owner) else { return "\(path) belongs to user \(owner)" }
        if mode & right.rawValue != 0 { return "everybody may \(right.verb) \(path)" }
        guard mode & right.rawValue << 3 != 0 else { return nil }
        if hasACL { return "an access control list lets others \(right.verb) \(path)" }
        return group == 0 ? nil : "group \(group) may \(right.verb) \(path)"
    }
}

extension FileAccess {
    /// Asks lstat(2), and for an access control list.
    ///
    /// Nothing is opened, so no lock is lost.
    ///
    /// - Throws: ``PathError`` with the `errno`.
    init(ofPath path: String) throws(PathError) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { throw PathError(path: path, number: errno) }
        self.init(path: path, owner: status.st_uid, group: status.st_gid, mode: status.st_mode)
        hasACL = unsafe !isLink && CNSS_has_acl(path) != 0
    }
}

/// Why a path could not be followed.
struct PathError: Error, Equatable, CustomStringConvertible {
    let path: String
    let number: CInt

    var description: String { "\(path): \(unsafe String(cString: strerror(number)))" }
}
