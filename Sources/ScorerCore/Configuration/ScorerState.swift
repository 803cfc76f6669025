internal import ConfigurationFile
internal import Files
internal import Glibc
internal import OpenSSLBridge
internal import PostureModel

/// The scorer's state directory: the database, and the tokens that operators and Prometheus show.
package struct ScorerState: Sendable {
    private let directory: String

    /// Makes the state directory if it is not there, open to its owner only, and has root become its owner, for good.
    ///
    /// What root adds by hand belongs to the service then, and what the service may write cannot lead root astray. From here
    /// on every file that the process makes is its owner's alone. To be called before anything is opened there.
    package static func becomeOwner(of directory: String) throws {
        umask(0o077)
        guard unsafe mkdir(directory, 0o700) == 0 || errno == EEXIST else { throw FileError(directory, .system(errno)) }
        let status = try status(of: directory)
        guard geteuid() == 0, status.st_uid != 0, status.st_mode & S_IFMT == S_IFDIR else { return }
        // setuid(2) by root sets the saved one too: there is no way back.
        guard setgroups(0, nil) == 0, setgid(status.st_gid) == 0, setuid(status.st_uid) == 0 else {
            throw FileError(directory, .system(errno))
        }
    }

    /// Takes the directory, which this user owns.
    ///
    /// One that somebody else owns or may write to is refused: who can write there can put an operator token there.
    package init(directory: String) throws {
        let status = try Self.status(of: directory)
        guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid(), status.st_mode & 0o022 == 0 else {
            throw ConfigurationError(directory, "is not a directory that this user owns and nobody else may write to")
        }
        self.directory = directory
    }

    private static func status(of directory: String) throws(FileError) -> stat {
        var status = stat()
        guard unsafe stat(directory, &status) == 0 else { throw FileError(directory, .system(errno)) }
        return status
    }

    /// The database's path.
    package var databasePath: String { directory + "/scorer.sqlite" }

    /// The operator token, in the file `operator-token`, and the metrics token, in `metrics-token`: made at the first
    /// start.
    package func tokens() throws -> OperatorTokens {
        OperatorTokens(operators: try token("operator-token", "pot_"), metrics: try token("metrics-token", "pmt_"))
    }

    private func token(_ name: String, _ prefix: String) throws -> String {
        let path = "\(directory)/\(name)"
        let line = Array("\(prefix)\(Base64URL.encode(Digest.random(count: 32)))\n".utf8)
        do throws(FileError) { try DurableFile.create(path, with: line) } catch {
            guard error.code == .system(EEXIST) else { throw error }
        }
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { throw FileError(path, .system(errno)) }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(), status.st_mode & 0o077 == 0 else {
            throw ConfigurationError(path, "others may read it, or it is not yours: delete it, and a new one is made")
        }
        let token = String(decoding: try readFile(path, limit: 1024, isOwn: true), as: UTF8.self).trimmed()
        guard token.utf8.count >= 32 else {
            throw ConfigurationError(path, "holds no token of at least 32 characters: delete it, and a new one is made")
        }
        return token
    }
}
