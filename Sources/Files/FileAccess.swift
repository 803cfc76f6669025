internal import CLinuxShims
internal import Glibc

/// What the kernel says about who may read, write and search a file or a directory.
package struct FileAccess: Sendable, Equatable {
    /// The path, for sentences.
    package var path: String
    /// The user that it belongs to.
    package var owner: UInt32 = 0
    /// The group that the second three bits of the mode are for.
    package var group: UInt32 = 0
    /// Type and permissions: `st_mode`.
    package var mode: UInt32
    /// Whether an access control list stands beside the mode: then the group's bits are what the list grants at most.
    package var hasACL = false

    package init(path: String, owner: UInt32 = 0, group: UInt32 = 0, mode: UInt32, hasACL: Bool = false) {
        (self.path, self.owner, self.group, self.mode, self.hasACL) = (path, owner, group, mode, hasACL)
    }

    /// A right, as the three bits of a mode have it.
    package enum Right: UInt32 {
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
    package var isRegular: Bool { mode & S_IFMT == S_IFREG }
    /// Whether nobody but an entry's owner may rename or remove it in this directory.
    var isSticky: Bool { mode & S_ISVTX != 0 }

    /// Says who has the right besides root and some users, or nil where nobody has.
    ///
    /// Root's group is as good as root.
    package func untrustedUser(with right: Right, besides users: Set<UInt32>) -> String? {
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
    package init(ofPath path: String) throws(PathError) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { throw PathError(path: path, number: errno) }
        self.init(path: path, owner: status.st_uid, group: status.st_gid, mode: status.st_mode)
        hasACL = unsafe !isLink && CLinuxShims_has_acl(path) != 0
    }
}

/// Why a path could not be followed.
package struct PathError: Error, Equatable, CustomStringConvertible {
    package let path: String
    package let number: CInt

    package init(path: String, number: CInt) {
        (self.path, self.number) = (path, number)
    }

    package var description: String { "\(path): \(errorText(number))" }
}

/// Says who besides root and this process's user may write to the file at `path`, or put another in its place, and what
/// to do; nil where nobody may.
package func othersMayWrite(to path: String) -> String? {
    do throws(PathError) {
        let way = try PathWalk(to: path)
        return way.untrustedWriter(besides: [geteuid()], sticky: true, outOfReach: true)
            .map { "\($0); chown it to root and chmod go-w" }
    } catch { return "who may write to it is not known: \(error)" }
}

/// Says who besides root and this process's user may read the file at `path`, and what to do; nil where nobody may.
package func othersMayRead(_ path: String) -> String? {
    do throws(PathError) {
        let way = try PathWalk(to: path)
        guard way.isInReach(way.end, besides: [geteuid()]) else { return nil }
        return way.end.untrustedUser(with: .read, besides: [geteuid()]).map { "\($0): chown it to root and chmod 600" }
    } catch { return "who may read it is not known: \(error)" }
}
