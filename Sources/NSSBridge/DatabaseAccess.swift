internal import Files
internal import Glibc

/// Who besides root and this process's user may write to a database, or read its keys.
package struct DatabaseAccess: Sendable, Equatable {
    /// A sentence where somebody else may write to the database, with what to do; nil where nobody may.
    ///
    /// Then a certificate in it says little about the machine.
    package let othersMayWrite: String?
    /// A sentence where somebody else may read the private keys, with what to do; nil where nobody may.
    ///
    /// Nil also where they are behind a password.
    package let othersMayReadKeys: String?
}

extension DatabaseAccess {
    /// The files that are the database.
    private static let files = ["cert9.db", "key4.db", "pkcs11.txt"]

    /// Looks at the directory, what is above it, and the files, without opening any.
    init(directory: String, hasPassword: Bool) {
        do throws(PathError) {
            var walks: [String: PathWalk] = [:]
            for name in DatabaseAccess.files {
                do throws(PathError) { walks[name] = try PathWalk(to: "\(directory)/\(name)") } catch {
                    // A database does without pkcs11.txt.
                    guard error.number == ENOENT else { throw error }
                }
            }
            self.init(way: try PathWalk(to: directory), walks: walks, user: geteuid(), hasPassword: hasPassword)
        } catch {
            let sentence = "who may is not known: \(error)"
            self.init(othersMayWrite: sentence, othersMayReadKeys: hasPassword ? nil : sentence)
        }
    }

    /// Pure: from the way to the directory, and the ways to the files in it, by their names in it.
    init(way: PathWalk, walks: [String: PathWalk], user: UInt32, hasPassword: Bool) {
        let users: Set = [user]
        let ways = [way] + walks.sorted { $0.key < $1.key }.map(\.value)
        let writer = ways.lazy.compactMap { $0.untrustedWriter(besides: users, sticky: true, outOfReach: true) }.first
        var reader: String?
        if !hasPassword, let keys = walks["key4.db"], keys.isInReach(keys.end, besides: users) {
            reader = keys.end.untrustedUser(with: .read, besides: users)
        }
        self.init(
            othersMayWrite: writer.map { "\($0); chown it to root and chmod go-w" },
            othersMayReadKeys: reader.map { "\($0), which has no password: chown it to root and chmod 600" }
        )
    }
}
