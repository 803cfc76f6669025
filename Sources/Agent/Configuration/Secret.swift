internal import ConfigurationFile
internal import Files
internal import Glibc
internal import PostureModel

/// A short secret text, and where it lies.
package enum Secret: Sendable, Equatable, CustomStringConvertible {
    /// A file that only root and its owner may read.
    case file(String)
    /// A credential of systemd's.
    case credential(Credential)

    /// Where it lies, for a sentence.
    package var description: String {
        switch self {
        case .file(let path): path
        case .credential(let credential): "the credential '\(credential.name)'"
        }
    }

    /// The text, without white space around it; nil where the file is not there.
    ///
    /// Read when it is needed, and not kept; it is in no error.
    ///
    /// - Throws: an error that says what to do, also where others may read the file.
    func text() throws -> String? {
        let limit = 4096
        let bytes: [UInt8]
        switch self {
        case .credential(let credential): bytes = try credential.bytes(limit: limit)
        case .file(let path):
            do { bytes = try readFile(path, limit: limit) } catch {
                guard error.isAbsence else { throw error }; return nil
            }
            if let sentence = Self.untrustedReader(of: path) {
                throw AgentError(
                    "\(path): is a secret, and \(sentence): chmod 600, or hand it over as a credential of systemd's"
                )
            }
        }
        // Without the byte order mark of a Windows editor.
        let text = String(decoding: bytes, as: UTF8.self).trimmed().drop { $0 == "\u{feff}" }
        return text.isEmpty ? nil : String(text)
    }

    /// Says who may read its file besides root, this process's user and the file's own; nil where nobody may.
    package var othersMayRead: String? {
        if case .file(let path) = self { Self.untrustedReader(of: path) } else { nil }
    }

    /// A user who may put another file in its place chooses what is sent as the secret: that counts as reading it.
    private static func untrustedReader(of path: String) -> String? {
        do throws(PathError) {
            let way = try PathWalk(to: path)
            return untrustedReader(on: way, besides: geteuid())
                ?? way.untrustedWriter(besides: [geteuid(), way.end.owner], sticky: true, outOfReach: true)
        } catch {
            return "who may read it is not known: \(error)"
        }
    }

    /// Says who may read the file at the end besides root, this process's user and the file's own; nil where nobody may.
    ///
    /// Its own: the daemon's files are the daemon's, and root may use them by hand.
    static func untrustedReader(on way: PathWalk, besides user: UInt32) -> String? {
        let users: Set<UInt32> = [user, way.end.owner]
        return way.isInReach(way.end, besides: users) ? way.end.untrustedUser(with: .read, besides: users) : nil
    }
}
