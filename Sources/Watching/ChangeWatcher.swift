import CLinuxShims
import Glibc

/// Watches the machine: links and addresses, the host name, the clock, and some files and directories.
///
/// One thread sleeps until the kernel has something to say; without an event nothing wakes up.
package final class ChangeWatcher: Sendable {
    /// What changed since it was last asked for: every kind and every file once, however often it changed meanwhile.
    ///
    /// It is for one task, and ends when the watcher goes. Changes that follow each other closely come one by one:
    /// whoever reports them waits for the last.
    package let changes: AsyncStream<Set<Change>>
    /// What could not be watched at the start, and why: nobody says when it changes.
    package let unwatched: [Unwatched]

    /// The other end of what the thread waits for; it closes with the watcher.
    private let lifeline: Descriptor

    /// Watches from now on.
    ///
    /// - Parameter files: Absolute paths of files and directories, there or not. Of a directory, everything right in it
    ///   counts.
    /// - Throws: ``Unwatched`` where this process may have no more descriptors, inotify instances or threads. All else
    ///   that cannot be watched is in ``unwatched``.
    package convenience init(files: [String]) throws(Unwatched) {
        try self.init(files: files, clock: CLinuxShims_clock_changes())
    }

    /// Watches with another descriptor for the clock; the watcher closes it.
    init(files: [String], clock: CInt) throws(Unwatched) {
        var unwatched: [Unwatched] = []
        func attempt<Source>(_ source: () throws(Unwatched) -> Source) -> Source? {
            do throws(Unwatched) { return try source() } catch {
                unwatched.append(error)
                return nil
            }
        }
        let clock = attempt { () throws(Unwatched) in try Descriptor(owning: clock, of: "clock") }
        let files = try FileChanges(files)
        let network = attempt(NetworkChanges.init)
        let hostname = attempt(HostnameChanges.init)
        var ends: [CInt] = [-1, -1]
        let result = unsafe socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends)
        let code = result < 0 ? -errno : 0
        lifeline = try Descriptor(owning: code < 0 ? code : ends[0], of: "changes")
        let stop = try Descriptor(owning: code < 0 ? code : ends[1], of: "changes")
        let mailbox = Mailbox()
        changes = AsyncStream { await mailbox.take() }
        self.unwatched = unwatched + files.unwatched
        try WatchLoop(
            files: files,
            network: network,
            hostname: hostname,
            clock: clock,
            stop: stop,
            mailbox: mailbox
        ).start()
    }
}
