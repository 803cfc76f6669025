internal import Blocking
internal import CNSS
internal import Glibc

/// The one place where Mozilla NSS runs: a global actor whose executor is one serial queue.
///
/// NSS (not glibc's name service switch, which shares the name) initialises itself with races, keeps global state,
/// and keeps its last error for each thread. Two threads that open databases at the same time crash the process.
/// Whatever calls NSS is therefore isolated to this actor, and no two databases are open at the same time.
@globalActor
package actor NSS {
    /// The only instance.
    package static let shared = NSS()

    /// NSS waits for files and for locks, up to a second a time: it may not occupy a thread of Swift's pool.
    private static let queue = BlockingQueue(label: "postured.nss")

    /// The serial queue that everything isolated to this actor runs on.
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe NSS.queue.asUnownedSerialExecutor()
    }

    private init() {}

    /// Prepares the process for NSS, once, before the first database is opened.
    @NSS
    static let prepared: Void = {
        for name in scrubbed where unsafe getenv(name) != nil {
            unsafe unsetenv(name)
        }
        PR_Init(PR_USER_THREAD, PR_PRIORITY_NORMAL, 0)
    }()

    /// Environment variables with which the starter of the process could change what NSS opens, loads or writes.
    private static let scrubbed = [
        "NSS_DEFAULT_DB_TYPE",  // another database format
        "NSS_SDB_USE_CACHE",  // a copy of the database in a temporary directory
        "NSS_DEBUG_PKCS11_MODULE", "NSS_OUTPUT_FILE", "NSPR_LOG_MODULES", "NSPR_LOG_FILE",  // files written
        "NSS_STRICT_SHUTDOWN",  // abort(3) where an error would do
        "NSS_IGNORE_SYSTEM_POLICY",  // weaker algorithms
    ]
}
