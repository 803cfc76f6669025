internal import CNSS

/// An open database: a view of its certificates and keys that lives as long as the closure it is given to.
@NSS
@safe
public struct NSSDatabase: ~Copyable {
    /// The directory of the database.
    public let path: String
    /// NSS's own software token, which stands for the database.
    let slot: Slot

    fileprivate init(path: String) throws(NSSError) {
        self.path = path
        slot = try Slot()
    }
}

/// The software token: a counted reference, because NSS does not shut down while one is held.
@NSS
@safe
struct Slot: ~Copyable {
    let pointer: OpaquePointer

    init() throws(NSSError) {
        guard let pointer = unsafe PK11_GetInternalKeySlot() else { throw NSSError.last("PK11_GetInternalKeySlot") }
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe PK11_FreeSlot(pointer)
    }

    /// Whether the keys are behind a password; an empty password is none.
    var isLocked: Bool {
        unsafe PK11_NeedLogin(pointer) != 0 && PK11_IsLoggedIn(pointer, nil) == 0
    }
}

extension NSS {
    /// How long a database that another process holds locked is waited for.
    static let patience = Duration.seconds(3)
    /// The pause between two looks at a locked database.
    private static let pause = Duration.milliseconds(50)

    /// Opens the SQL database in the directory `path` read-only, gives it to `body`, and closes it in all cases.
    ///
    /// A database that another process holds locked is waited for, for about three seconds. Nothing prompts for a
    /// password, and no PKCS #11 module but NSS's own is loaded. Databases are open one at a time.
    ///
    /// - Throws: ``NSSDatabaseError`` where the database cannot be opened, ``NSSError`` where it cannot be closed,
    ///   `CancellationError`, and what `body` throws.
    @NSS
    public static func withDatabase<Value: Sendable>(
        at path: String,
        _ body: @NSS (borrowing NSSDatabase) throws -> Value
    ) async throws -> Value {
        let context = try unsafe await open(DatabaseFiles(directory: path))
        // No suspension from here to the shutdown: the error slot is the thread's, and one database is open at a time.
        let result = Result {
            let database = try NSSDatabase(path: path)
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

    /// Opens the database, without modules: a `library=` line of `pkcs11.txt` would run its owner's code in here.
    @NSS
    private static func connect(_ files: DatabaseFiles) throws(NSSDatabaseError) -> OpaquePointer {
        _ = prepared
        let flags = PRUint32(NSS_INIT_READONLY | NSS_INIT_NOROOTINIT | NSS_INIT_NOMODDB)
        guard let context = unsafe NSS_InitContext("sql:\(files.directory)", "", "", "", nil, flags) else {
            throw files.diagnosis(of: .last("NSS_InitContext"))
        }
        CNSS_never_prompt()
        return unsafe context
    }
}
