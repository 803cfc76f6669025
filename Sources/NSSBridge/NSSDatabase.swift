internal import CNSS

/// An open database: a view of its certificates and keys that lives as long as the closure it is given to.
@NSS
@safe
package struct NSSDatabase: ~Copyable {
    /// The directory of the database.
    package let path: String
    /// Who besides root and this process's user may write to the database, or read its keys.
    package let access: DatabaseAccess
    /// The database itself and the tokens beside it.
    let tokens: Tokens
    let notes: Notes

    fileprivate init(_ files: DatabaseFiles, passwords: TokenPasswords?) throws(NSSError) {
        path = files.directory
        var tokens = try Tokens()
        tokens.loadModules(of: files)
        tokens.unlock(passwords, files: files)
        access = DatabaseAccess(directory: files.directory, hasPassword: tokens.database.needsPassword)
        notes = Notes(tokens.unseen)
        self.tokens = tokens
    }

    /// What belongs to the database and was not seen, a sentence each, with what to do about it.
    ///
    /// These are modules that `pkcs11.txt` names and that were not loaded, tokens that are locked, and, once
    /// ``certificates()`` was called, tokens that could not be read. As long as there are any, a certificate that is
    /// not among the certificates may still be there.
    package var unseen: [String] { notes.sentences }

    /// The certificates that ``certificates()`` left out, since they are too large or cannot be read, a sentence each.
    package var passedOver: [String] { notes.passedOver }
}

/// What was not seen: it grows while the database is read.
@NSS
final class Notes {
    private(set) var sentences: [String]
    var passedOver: [String] = []

    init(_ sentences: [String]) {
        self.sentences = sentences
    }

    /// Adds a sentence, once.
    func add(_ sentence: String) {
        if !sentences.contains(sentence) { sentences.append(sentence) }
    }
}

extension NSS {
    /// How long a database that another process holds locked is waited for.
    static let patience = Duration.seconds(3)
    /// The pause between two looks at a locked database.
    private static let pause = Duration.milliseconds(50)

    /// Opens the SQL database in the directory `path` read-only, gives it to `body`, and closes it in all cases.
    ///
    /// A database that another process holds locked is waited for, for about three seconds. Databases are open one at
    /// a time. Nothing prompts for a password: where one is needed it comes from `passwords`, and one that was wrong
    /// is not tried again in this process on the same token.
    ///
    /// A PKCS #11 module that `pkcs11.txt` names is loaded only if nobody but root could have put it there: the
    /// library, `pkcs11.txt` and every directory and symbolic link on the way to them are root's, and nobody else may
    /// write to them. The library has to be named by its absolute path. What is not loaded is in
    /// ``NSSDatabase/unseen``.
    ///
    /// - Throws: ``NSSDatabaseError`` where the database cannot be opened, ``NSSError`` where it cannot be closed,
    ///   `CancellationError`, and what `body` throws.
    @NSS
    package static func withDatabase<Value: Sendable>(
        at path: String,
        passwords: TokenPasswords? = nil,
        _ body: @NSS (borrowing NSSDatabase) throws -> Value
    ) async throws -> Value {
        let files = try DatabaseFiles(directory: path)
        let context = try unsafe await open(files)
        // No suspension from here to the shutdown: the error slot is the thread's, and one database is open at a time.
        let result = Result {
            let database = try NSSDatabase(files, passwords: passwords)
            return try body(database)
        }
        guard unsafe NSS_ShutdownContext(context) == SECSuccess else {
            let error = NSSError.last("NSS_ShutdownContext")
            _ = try result.get()
            throw error
        }
        return try result.get()
    }

    @NSS
    private static func open(_ files: DatabaseFiles) async throws -> OpaquePointer {
        let clock = ContinuousClock()
        let deadline = clock.now + patience
        var isRepeated = false
        while true {
            do throws(NSSDatabaseError) {
                try files.check()
                return try unsafe connect(files)
            } catch {
                switch error.code {
                case .locked where clock.now < deadline:
                    break
                // Perhaps a writer that was done before we looked for its lock.
                case .journal where !isRepeated, .refused where !isRepeated:
                    isRepeated = true
                default:
                    throw error
                }
            }
            // Other databases may be opened meanwhile.
            try await Task.sleep(for: pause)
        }
    }

    /// Opens the database, without modules: NSS would run whatever code a `library=` line of `pkcs11.txt` names.
    ///
    /// Bounded by itself: since ``DatabaseFiles/check()`` looked, others may be in the place of the files.
    @NSS
    static func connect(_ files: DatabaseFiles) throws(NSSDatabaseError) -> OpaquePointer {
        _ = prepared
        _ = SQLiteGuard.prepared
        let flags = PRUint32(NSS_INIT_READONLY | NSS_INIT_NOROOTINIT | NSS_INIT_NOMODDB)
        SQLiteGuard.begin(.use)
        // Modules are loaded later: what else uses SQLite in this process is not bounded with NSS.
        let opened = unsafe SQLiteGuard.guarding {
            unsafe NSS_InitContext("sql:\(files.directory)", "", "", "", nil, flags)
        }
        guard let context = unsafe opened else {
            throw files.diagnosis(of: .last("NSS_InitContext"))
        }
        CNSS_never_prompt()
        return unsafe context
    }
}
