internal import Glibc

/// Who besides root and this process's user may write to a database, or read its keys.
public struct DatabaseAccess: Sendable, Equatable {
    /// A sentence where somebody else may write to the database, with what to do; nil where nobody may.
    ///
    /// Then a certificate in it says little about the machine.
    public let othersMayWrite: String?
    /// A sentence where somebody else may read the private keys, with what to do; nil where nobody may.
    ///
    /// Nil also where they are behind a password.
    public let othersMayReadKeys: String?
}

extension DatabaseAccess {
    /// The files that are the database.
    private static let files = ["cert9.db", "key4.db", "pkcs11.txt"]

    /// Looks at the directory, what is above it, and the files, without opening any.
    init(directory: String, hasPassword: Bool) {
        do throws(PathError) {
            let way = try PathWalk(to: directory)
            var files: [FileAccess] = []
            for name in DatabaseAccess.files {
                do throws(PathError) {
                    let link = try FileAccess(ofPath: "\(directory)/\(name)")
                    files.append(try link.isLink ? PathWalk(to: link.path).end : link)
                } catch {
                    // A database does without pkcs11.txt.
                    guard error.number == ENOENT else { throw error }
                }
            }
            self.init(way: way, files: files, user: geteuid(), hasPassword: hasPassword)
        } catch {
            let sentence = "who may is not known: \(error)"
            self.init(othersMayWrite: sentence, othersMayReadKeys: hasPassword ? nil : sentence)
        }
    }

    /// Pure: from the way to the directory and the access to the files in it.
    init(way: PathWalk, files: [FileAccess], user: UInt32, hasPassword: Bool) {
        let users: Set = [user]
        // Where nobody else may look into the directory, the modes of what is in it do not matter.
        let isClosed = way.end.stranger(with: .search, besides: users) == nil
        let writer =
            way.stranger(besides: users, sticky: true)
            ?? (isClosed ? nil : files.lazy.compactMap { $0.stranger(with: .write, besides: users) }.first)
        let keys = files.filter { $0.path.hasSuffix("key4.db") }
        let reader =
            isClosed || hasPassword ? nil : keys.lazy.compactMap { $0.stranger(with: .read, besides: users) }.first
        self.init(
            othersMayWrite: writer.map { "\($0); chown it to root and chmod go-w" },
            othersMayReadKeys: reader.map { "\($0), which has no password: chown it to root and chmod 600" }
        )
    }
}
